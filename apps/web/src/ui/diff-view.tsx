import { showHidden } from '@bangui/shared'
import { For, type JSX } from 'solid-js'
import styles from './diff-view.module.css'

/** A unified diff, line by line: removed, added and unchanged lines. */
export function DiffView(props: { path: string; diff: string }): JSX.Element {
  const lines = () =>
    props.diff
      .replace(/\n$/, '')
      .split('\n')
      // a new file has a single hunk
      .filter((line) => !/^(---|\+\+\+) |^@@ -0,0 /.test(line))
  return (
    <pre
      class={styles['diff']}
      tabindex="0"
      role="region"
      aria-label={`Changes of ${showHidden(props.path)}`}
    >
      <For each={lines()}>
        {(line) => (
          <code class={styles['line']} data-kind={kindOf(line)}>
            {line === '' ? ' ' : showHidden(line)}
          </code>
        )}
      </For>
    </pre>
  )
}

function kindOf(line: string): 'added' | 'removed' | 'place' | undefined {
  if (line.startsWith('@@')) return 'place'
  if (line.startsWith('+')) return 'added'
  return line.startsWith('-') ? 'removed' : undefined
}

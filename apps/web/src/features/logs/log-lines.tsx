import { showHidden } from '@bangui/shared'
import { createEffect, For, type JSX, Show } from 'solid-js'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import type { ShownLine } from './create-log-stream.ts'
import { readDaemonLine, toneOfLevel } from './log-words.ts'
import styles from './logs-page.module.css'

/** The lines of a log, the newest at the end, which stays in view while the log is followed. */
export function LogLines(props: {
  lines: readonly ShownLine[]
  own: boolean
  /** new lines scroll into view */
  follows: boolean
}): JSX.Element {
  let box: HTMLDivElement | undefined
  createEffect(() => {
    if (props.lines.length > 0 && props.follows && box) box.scrollTop = box.scrollHeight
  })
  return (
    <div
      ref={(element) => (box = element)}
      class={styles['lines']}
      role="region"
      aria-label="Lines"
      tabindex="0"
    >
      <ol class={styles['list']}>
        <For each={props.lines}>
          {(line) => (
            <Show when={props.own} fallback={<PlainLine line={line} />}>
              <DaemonLine line={line} />
            </Show>
          )}
        </For>
      </ol>
    </div>
  )
}

function PlainLine(props: { line: ShownLine }): JSX.Element {
  return (
    <li class={styles['line']} data-outcome={props.line.outcome ?? 'none'}>
      <Show when={props.line.outcome === 'matched'}>
        <span class={styles['found']}>
          <VisuallyHidden>Failure of </VisuallyHidden>
          {showHidden(props.line.address ?? 'match')}
        </span>
      </Show>
      <Show when={props.line.outcome === 'ignored'}>
        <span class={styles['ignored']}>ignored</span>
      </Show>
      <span class={styles['text']}>{showHidden(props.line.text)}</span>
    </li>
  )
}

function DaemonLine(props: { line: ShownLine }): JSX.Element {
  const message = () => readDaemonLine(props.line.text)
  return (
    <Show
      when={message()}
      fallback={
        <li class={styles['line']} data-hidden={props.line.hidden ? '' : undefined}>
          <span class={styles['text']}>
            {props.line.hidden ? 'An administrator can see this line.' : showHidden(props.line.text)}
          </span>
        </li>
      }
    >
      {(found) => (
        <li class={styles['line']} data-tone={toneOfLevel(found().level)}>
          <span class={styles['time']}>{found().time}</span>
          <span class={styles['level']}>{found().level}</span>
          <Show when={found().jail !== ''}>
            <span class={styles['jail']}>{showHidden(found().jail)}</span>
          </Show>
          <span class={styles['text']}>{showHidden(found().text)}</span>
        </li>
      )}
    </Show>
  )
}

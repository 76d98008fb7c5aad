import { showHidden } from '@bangui/shared'
import Check from 'lucide-solid/icons/check'
import Copy from 'lucide-solid/icons/copy'
import { createSignal, type JSX, onCleanup, Show } from 'solid-js'
import styles from './copy-command.module.css'
import { IconButton } from './icon-button.tsx'

function createCopy(text: () => string) {
  const [state, setState] = createSignal<'idle' | 'copied' | 'refused'>('idle')
  let timer: ReturnType<typeof setTimeout> | undefined
  onCleanup(() => clearTimeout(timer))
  const copy = async () => {
    clearTimeout(timer)
    try {
      await navigator.clipboard.writeText(text())
      setState('copied')
    } catch {
      // a page that is not served over HTTPS has no clipboard: the text stays selectable
      setState('refused')
    }
    timer = setTimeout(() => setState('idle'), 2000)
  }
  return { state, copy }
}

const copyLabels = { idle: 'Copy', copied: 'Copied', refused: 'Select the text to copy it' }

/** One command in a monospace line with a Copy button. */
export function CopyCommand(props: { command: string }): JSX.Element {
  const { state, copy } = createCopy(() => props.command)
  return (
    <div class={styles['command']}>
      <code class={styles['line']}>{props.command}</code>
      <CopyButton state={state()} onCopy={() => void copy()} />
    </div>
  )
}

export type CodeBlockProps = {
  code: string
  /** its name for screen readers */
  label: string
  /** longer text scrolls within this height, in px. @default 320 */
  maxHeight?: number
}

/** Output, a file or a diff in a monospace face, with a Copy button; a line that starts with + or - can be coloured. */
export function CodeBlock(props: CodeBlockProps): JSX.Element {
  const { state, copy } = createCopy(() => props.code)
  return (
    <div class={styles['block']}>
      <pre
        class={styles['code']}
        style={{ 'max-height': `${props.maxHeight ?? 320}px` }}
        tabindex="0"
        role="region"
        aria-label={props.label}
      >
        <code>{showHidden(props.code)}</code>
      </pre>
      <CopyButton state={state()} onCopy={() => void copy()} />
    </div>
  )
}

function CopyButton(props: { state: keyof typeof copyLabels; onCopy: () => void }): JSX.Element {
  return (
    <span class={styles['copy']} aria-live="polite">
      <IconButton
        size="sm"
        label={copyLabels[props.state]}
        icon={
          <Show when={props.state === 'copied'} fallback={<Copy />}>
            <Check />
          </Show>
        }
        onClick={() => props.onCopy()}
      />
    </span>
  )
}

import { type JSX, Show } from 'solid-js'
import styles from './status-dot.module.css'
import type { Tone } from './tone.ts'
import { VisuallyHidden } from './visually-hidden.tsx'

export type StatusDotProps = {
  tone: Tone
  /** the state in words */
  label: string
  /** shows the text to screen readers only */
  hideLabel?: boolean
  /** pulses slowly: something is in progress or live */
  pulse?: boolean
}

/** A state as a dot with text; each tone has its own shape as well as its colour. */
export function StatusDot(props: StatusDotProps): JSX.Element {
  return (
    <span class={styles['status']}>
      <span
        class={styles['dot']}
        data-tone={props.tone}
        data-pulse={props.pulse ? '' : undefined}
        aria-hidden="true"
      />
      <Show when={props.hideLabel} fallback={<span>{props.label}</span>}>
        <VisuallyHidden>{props.label}</VisuallyHidden>
      </Show>
    </span>
  )
}

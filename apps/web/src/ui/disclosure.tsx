import { showHidden } from '@bangui/shared'
import ChevronRight from 'lucide-solid/icons/chevron-right'
import { createUniqueId, createSignal, type JSX, Show } from 'solid-js'
import styles from './disclosure.module.css'

export type DisclosureProps = {
  label: string
  /** a few words after the label */
  note?: JSX.Element
  /** open from the start @default false */
  startOpen?: boolean
  children: JSX.Element
}

/** A button that shows and hides what is below it. */
export function Disclosure(props: DisclosureProps): JSX.Element {
  const id = createUniqueId()
  // oxlint-disable-next-line solid/reactivity -- it says how the disclosure begins; from then on, the reader decides
  const [open, setOpen] = createSignal(props.startOpen ?? false)
  return (
    <div class={styles['disclosure']}>
      <button
        class={styles['button']}
        type="button"
        aria-expanded={open()}
        aria-controls={open() ? id : undefined}
        onClick={() => setOpen(!open())}
      >
        <ChevronRight class={styles['icon']} aria-hidden="true" />
        {showHidden(props.label)}{' '}
        <Show when={props.note}>
          <span class={styles['note']}>{props.note}</span>
        </Show>
      </button>
      <Show when={open()}>
        <div class={styles['content']} id={id}>
          {props.children}
        </div>
      </Show>
    </div>
  )
}

import { showHidden } from '@bangui/shared'
import { createUniqueId, For, type JSX, Show } from 'solid-js'
import styles from './tabs.module.css'

export type Tab<TValue extends string> = { value: TValue; label: string; content: () => JSX.Element }

export type TabsProps<TValue extends string> = {
  /** the name of the set, for screen readers */
  label: string
  value: TValue
  tabs: readonly Tab<TValue>[]
  onChange: (value: TValue) => void
}

/** Tabs; arrows, Home and End move between them. Keep the value in the URL. */
export function Tabs<TValue extends string>(props: TabsProps<TValue>): JSX.Element {
  const id = createUniqueId()
  const buttons = new Map<TValue, HTMLButtonElement>()
  const move = (event: KeyboardEvent) => {
    const at = props.tabs.findIndex((tab) => tab.value === props.value)
    const last = props.tabs.length - 1
    const targets: Record<string, number> = {
      ArrowRight: at === last ? 0 : at + 1,
      ArrowLeft: at === 0 ? last : at - 1,
      Home: 0,
      End: last,
    }
    const next = props.tabs[targets[event.key] ?? -1]
    if (!next) return
    event.preventDefault()
    props.onChange(next.value)
    buttons.get(next.value)?.focus()
  }
  return (
    <div>
      <div class={styles['list']} role="tablist" aria-label={showHidden(props.label)} onKeyDown={move}>
        <For each={props.tabs}>
          {(tab) => (
            <button
              ref={(element) => buttons.set(tab.value, element)}
              class={styles['tab']}
              type="button"
              role="tab"
              id={`${id}-${tab.value}`}
              aria-selected={tab.value === props.value}
              aria-controls={tab.value === props.value ? `${id}-${tab.value}-panel` : undefined}
              tabindex={tab.value === props.value ? 0 : -1}
              onClick={() => props.onChange(tab.value)}
            >
              {tab.label}
            </button>
          )}
        </For>
      </div>
      <For each={props.tabs}>
        {(tab) => (
          <Show when={tab.value === props.value}>
            <div
              class={styles['panel']}
              role="tabpanel"
              id={`${id}-${tab.value}-panel`}
              aria-labelledby={`${id}-${tab.value}`}
            >
              {tab.content()}
            </div>
          </Show>
        )}
      </For>
    </div>
  )
}

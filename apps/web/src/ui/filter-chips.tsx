import { For, type JSX, Show } from 'solid-js'
import styles from './filter-chips.module.css'

export type FilterChip<TValue extends string> = {
  value: TValue
  label: string
  /** a formatted number; undefined: not known */
  count?: string | undefined
}

export type FilterChipsProps<TValue extends string> = {
  /** the name of the group, for screen readers */
  label: string
  chips: readonly FilterChip<TValue>[]
  /** none: everything is shown */
  chosen: readonly TValue[]
  onChange: (chosen: readonly TValue[]) => void
}

/** Switches that narrow a list, each with the number of entries that it shows; several can be on. */
export function FilterChips<TValue extends string>(props: FilterChipsProps<TValue>): JSX.Element {
  const isOn = (value: TValue) => props.chosen.includes(value)
  const toggle = (value: TValue) => {
    const chosen = isOn(value) ? props.chosen.filter((each) => each !== value) : [...props.chosen, value]
    // all of them are the same as none
    props.onChange(chosen.length === props.chips.length ? [] : chosen)
  }
  return (
    <div class={styles['chips']} role="group" aria-label={props.label}>
      <For each={props.chips}>
        {(chip) => (
          <button
            type="button"
            class={styles['chip']}
            aria-pressed={isOn(chip.value)}
            onClick={() => toggle(chip.value)}
          >
            {chip.label}
            <Show when={chip.count !== undefined}>
              {' '}
              <span class={styles['count']}>{chip.count}</span>
            </Show>
          </button>
        )}
      </For>
    </div>
  )
}

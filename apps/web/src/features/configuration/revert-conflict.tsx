import { type RevertChoice, type RevertConflict, showHidden } from '@bangui/shared'
import { createUniqueId, For, type JSX, Show } from 'solid-js'
import { labelOf } from './option-words.ts'
import styles from './revert-dialog.module.css'

export type RevertConflictProps = {
  conflict: RevertConflict
  /** undefined: nothing is chosen yet */
  take: RevertChoice['take'] | undefined
  onTake: (take: RevertChoice['take']) => void
}

/** An option that was changed again, with both values to choose from. */
export function RevertConflictChoice(props: RevertConflictProps): JSX.Element {
  const name = createUniqueId()
  const label = () => labelOf(props.conflict.key) ?? props.conflict.key
  const sides = () =>
    [
      { take: 'now', words: 'Keep the current value', value: props.conflict.now },
      { take: 'before', words: 'Go back to the value before the change', value: props.conflict.before },
    ] as const
  return (
    <fieldset class={styles['conflict']}>
      <legend>
        {showHidden(label())} in [{showHidden(props.conflict.section)}]
      </legend>
      <p class={styles['words']}>
        The change set it to <Value value={props.conflict.after} /> in {showHidden(props.conflict.file)}.
      </p>
      <div class={styles['sides']}>
        <For each={sides()}>
          {({ take, words, value }) => (
            <label class={styles['side']}>
              <input
                type="radio"
                name={name}
                value={take}
                checked={props.take === take}
                onChange={() => props.onTake(take)}
              />
              <span>
                {words}
                <br />
                <Value value={value} />
              </span>
            </label>
          )}
        </For>
      </div>
    </fieldset>
  )
}

function Value(props: { value: string | null }): JSX.Element {
  return (
    <Show when={props.value !== null} fallback={<em>not set</em>}>
      <code>{props.value === '' ? '(empty)' : showHidden(props.value ?? '')}</code>
    </Show>
  )
}

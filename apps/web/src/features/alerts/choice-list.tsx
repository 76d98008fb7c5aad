import { showHidden } from '@bangui/shared'
import { For, type JSX } from 'solid-js'
import { formatList, formatNumber } from '../../lib/format.ts'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import styles from './forms.module.css'

export type ChoiceListProps = {
  label: string
  /** what none chosen means, such as "all jails" */
  none: string
  options: readonly { value: string; label: string }[]
  chosen: readonly string[]
  onChange: (chosen: readonly string[]) => void
}

const SHOWN_NAMES = 3

/** Several of many: what is chosen in a line, and a list of checkboxes below it. */
export function ChoiceList(props: ChoiceListProps): JSX.Element {
  // what is chosen and does not exist any more can still be removed
  const options = () => [
    ...props.options,
    ...props.chosen
      .filter((value) => !props.options.some((option) => option.value === value))
      .map((value) => ({ value, label: value })),
  ]
  const note = () => {
    const { chosen, none } = props
    if (chosen.length === 0) return none
    if (chosen.length > SHOWN_NAMES) return `${formatNumber(chosen.length)} chosen`
    return formatList(chosen.map((value) => showHidden(labelOf(value))))
  }
  const labelOf = (value: string) => options().find((option) => option.value === value)?.label ?? value
  const choose = (value: string, isChosen: boolean) =>
    props.onChange(isChosen ? [...props.chosen, value] : props.chosen.filter((other) => other !== value))
  return (
    <Disclosure label={props.label} note={note()}>
      <ul class={styles['options']} aria-label={props.label}>
        <For each={options()}>
          {(option) => (
            <li>
              <Checkbox
                label={showHidden(option.label)}
                checked={props.chosen.includes(option.value)}
                onChange={(isChosen) => choose(option.value, isChosen)}
              />
            </li>
          )}
        </For>
      </ul>
    </Disclosure>
  )
}

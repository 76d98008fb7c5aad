import { createEffect, createSignal, type JSX } from 'solid-js'
import { createDebounced } from '../lib/debounced.ts'
import { onSlash } from '../lib/on-slash.ts'
import { TextField } from './text-field.tsx'

export type SearchFieldProps = {
  /** its name for screen readers */
  label: string
  placeholder: string
  /** the search text in the page's URL */
  value: string
  /** how long typing must pause before the text is reported, in milliseconds. @default 300 */
  delayMs?: number
  onSearch: (search: string) => void
}

/** A search field, which `/` focuses; reports its text after a pause in typing. */
export function SearchField(props: SearchFieldProps): JSX.Element {
  // oxlint-disable-next-line solid/reactivity -- the field begins with it; from then on, it has what is typed
  const [typed, setTyped] = createSignal(props.value)
  // oxlint-disable-next-line solid/reactivity -- the pause is a constant of the place where the field stands
  const settled = createDebounced(typed, props.delayMs ?? 300)
  let field: HTMLInputElement | undefined
  let last = ''
  onSlash(() => field)
  createEffect((before: string | undefined) => {
    const next = settled()
    if (before !== undefined && before !== next) props.onSearch((last = next))
    return next
  })
  // "back" and links change it as well
  createEffect(() => {
    if (props.value !== last) setTyped((last = props.value))
  })
  return (
    <TextField
      ref={(element) => (field = element)}
      label={props.label}
      hideLabel
      type="search"
      placeholder={props.placeholder}
      plain
      value={typed()}
      onChange={setTyped}
    />
  )
}

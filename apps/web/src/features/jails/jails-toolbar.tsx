import type { JSX } from 'solid-js'
import { formatNumber } from '../../lib/format.ts'
import { onSlash } from '../../lib/on-slash.ts'
import { SegmentedControl } from '../../ui/segmented-control.tsx'
import { TextField } from '../../ui/text-field.tsx'
import type { JailListFilter } from './jail-view.ts'
import styles from './jails-toolbar.module.css'

export type JailsToolbarProps = {
  search: string
  filter: JailListFilter
  /** undefined until known */
  counts: Readonly<Record<JailListFilter, number>> | undefined
  onSearch: (search: string) => void
  onFilter: (filter: JailListFilter) => void
}

/** The search field, which `/` focuses, and the filter. */
export function JailsToolbar(props: JailsToolbarProps): JSX.Element {
  let field: HTMLInputElement | undefined
  onSlash(() => field)
  const label = (name: string, filter: JailListFilter) =>
    props.counts ? `${name} ${formatNumber(props.counts[filter])}` : name
  return (
    <div class={styles['toolbar']} role="search">
      <div class={styles['search']}>
        <TextField
          ref={(element) => (field = element)}
          label="Search jails"
          hideLabel
          type="search"
          placeholder={
            hasKeyboard() ? 'Search by name, filter or log  ( / )' : 'Search by name, filter or log'
          }
          plain
          value={props.search}
          onChange={(search) => props.onSearch(search)}
        />
      </div>
      <SegmentedControl<JailListFilter>
        label="Which jails"
        value={props.filter}
        onChange={(filter) => props.onFilter(filter)}
        segments={[
          { value: 'all', label: label('All', 'all') },
          { value: 'running', label: label('Running', 'running') },
          { value: 'off', label: label('Off', 'off') },
          { value: 'attention', label: label('Needs attention', 'attention') },
        ]}
      />
    </div>
  )
}

const hasKeyboard = () => matchMedia('(pointer: fine)').matches

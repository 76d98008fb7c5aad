import X from 'lucide-solid/icons/x'
import { type JSX, Show } from 'solid-js'
import { Button } from '../../ui/button.tsx'
import { SegmentedControl } from '../../ui/segmented-control.tsx'
import { CountingNote } from './counting-note.tsx'
import styles from './range-picker.module.css'
import { describeRange, isNamedRange, namedRangeWords } from './range-text.ts'
import type { RangeState } from './use-range.ts'

const ranges = Object.entries(namedRangeWords).map(([value, { short }]) => ({ value, label: short }))
const sources = [
  { value: 'archive', label: 'Archive' },
  { value: 'live', label: 'fail2ban' },
] as const

export type RangePickerProps = {
  state: RangeState
  /** also lets one choose where the figures come from */
  withSource?: boolean
}

/** The span of time that the page shows; one that was drawn on a chart stands as a chip that takes it back. */
export function RangePicker(props: RangePickerProps): JSX.Element {
  const named = () => {
    const range = props.state.range()
    return typeof range === 'string' ? range : undefined
  }
  return (
    <div class={styles['picker']}>
      <Show when={named() === undefined}>
        <Button
          size="sm"
          icon={<X />}
          aria-label={`Show the last 24 hours instead of ${describeRange(props.state.range())}`}
          onClick={() => props.state.setRange('24h')}
        >
          {describeRange(props.state.range())}
        </Button>
      </Show>
      <SegmentedControl
        label="Time"
        value={named() ?? ''}
        segments={ranges}
        onChange={(value) => isNamedRange(value) && props.state.setRange(value)}
      />
      <Show when={props.withSource}>
        <SegmentedControl
          label="Source"
          value={props.state.source()}
          segments={sources}
          onChange={props.state.setSource}
        />
      </Show>
      <CountingNote />
    </div>
  )
}

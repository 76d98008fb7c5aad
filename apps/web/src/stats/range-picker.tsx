import ChevronLeft from 'lucide-solid/icons/chevron-left'
import ChevronRight from 'lucide-solid/icons/chevron-right'
import X from 'lucide-solid/icons/x'
import { type JSX, Show } from 'solid-js'
import { Button } from '../ui/button.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { SegmentedControl } from '../ui/segmented-control.tsx'
import { CountingNote } from './counting-note.tsx'
import { OriginSelect } from './origin-select.tsx'
import styles from './range-picker.module.css'
import { describeRange, isNamedRange, moveSpan, namedRangeWords } from './range-text.ts'
import type { RangeState } from './use-range.ts'

const ranges = Object.entries(namedRangeWords).map(([value, { short }]) => ({ value, label: short }))
const sources = [
  { value: 'archive', label: 'BanGUI’s archive' },
  { value: 'live', label: 'fail2ban’s database' },
] as const

export type RangePickerProps = {
  state: RangeState
  /** also lets the reader choose the source of the numbers */
  withSource?: boolean
  /** and whose bans they are about. @default as `withSource` */
  withOrigin?: boolean
}

/** Chooses the range of the page; a range that was dragged on a chart is a chip that can be removed. */
export function RangePicker(props: RangePickerProps): JSX.Element {
  const named = () => {
    const range = props.state.range()
    return typeof range === 'string' ? range : undefined
  }
  return (
    <div class={styles['picker']}>
      <Show when={named() === undefined}>
        <SpanStepper state={props.state} />
      </Show>
      <SegmentedControl
        label="Time"
        value={named() ?? ''}
        segments={ranges}
        onChange={(value) => isNamedRange(value) && props.state.setRange(value)}
      />
      <Show when={props.withSource}>
        <SegmentedControl
          label="History"
          value={props.state.source()}
          segments={sources}
          onChange={props.state.setSource}
        />
      </Show>
      <Show when={(props.withOrigin ?? props.withSource) && props.state.source() === 'archive'}>
        <div class={styles['origin']}>
          <OriginSelect value={props.state.origin()} onChange={props.state.setOrigin} />
        </div>
      </Show>
      <CountingNote />
    </div>
  )
}

/** A range without a name, which can be removed, or moved by its own length: with a click, or with the arrow keys. */
function SpanStepper(props: { state: RangeState }): JSX.Element {
  const moved = (by: -1 | 1) => {
    const range = props.state.range()
    return typeof range === 'object' ? moveSpan(range, by, Date.now()) : undefined
  }
  const move = (by: -1 | 1) => {
    const next = moved(by)
    if (next) props.state.setRange(next)
  }
  return (
    <div
      class={styles['span']}
      role="group"
      aria-label="Time range"
      aria-description="The left and right arrow keys move it."
      onKeyDown={(event) => {
        const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key] as -1 | 1 | undefined
        if (by === undefined || event.altKey || event.ctrlKey || event.metaKey) return
        event.preventDefault()
        move(by)
      }}
    >
      <IconButton size="sm" label="Earlier" icon={<ChevronLeft />} onClick={() => move(-1)} />
      <Button
        variant="ghost"
        size="sm"
        icon={<X />}
        aria-label={`Show the last 24 hours instead of ${describeRange(props.state.range())}`}
        onClick={() => props.state.setRange('24h')}
      >
        {describeRange(props.state.range())}
      </Button>
      <IconButton
        size="sm"
        label="Later"
        icon={<ChevronRight />}
        // a disabled button would lose the focus
        aria-disabled={moved(1) === undefined}
        onClick={() => move(1)}
      />
    </div>
  )
}

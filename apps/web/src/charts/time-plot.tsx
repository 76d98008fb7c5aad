import { createMemo, createSignal, For, type JSX, onCleanup, onMount, Show } from 'solid-js'
import { type Brush, createBrush } from './brush.ts'
import { createBrushPointer } from './brush-pointer.ts'
import { ChartReadout, describePoint } from './chart-readout.tsx'
import { countScale, timeTicks } from './scales.ts'
import { type Plot, stackedBars, totals } from './series.ts'
import type { DrawnSeries } from './series-colours.ts'
import { TimeAxes } from './time-axes.tsx'
import { countUnrecorded, Unrecorded } from './unrecorded.tsx'
import styles from './time-series.module.css'

export type TimePlotProps = {
  label: string
  unit: string
  start: number
  bucketSeconds: number
  series: readonly DrawnSeries[]
  recordedSince?: number | undefined
  onSelect?: ((span: { from: number; to: number }) => void) | undefined
  height: number
}

const margin = { left: 44, right: 8, top: 8, bottom: 24 }

/** The drawn part of a time series, with its cursor and brush. */
export function TimePlot(props: TimePlotProps): JSX.Element {
  const geometry = createGeometry(props)
  const count = () => geometry.sums().length
  const timeOf = (index: number) => props.start + index * props.bucketSeconds * 1000
  const brush = createBrush({
    length: count,
    onSelect: ({ first, last }) => props.onSelect?.({ from: timeOf(first), to: timeOf(last + 1) }),
  })
  const bars = createMemo(() => stackedBars(props.series, geometry.plot(), geometry.scale().top))
  const pointer = createBrushPointer({
    brush,
    slot: geometry.slot,
    left: () => geometry.plot().left,
    canSelect: () => props.onSelect !== undefined,
  })
  // there may be fewer points by now
  const at = () => Math.max(0, Math.min(brush.cursor() ?? count() - 1, count() - 1))

  return (
    <div
      ref={geometry.watch}
      class={styles['plot']}
      style={{ height: `${props.height}px` }}
      role="slider"
      tabindex="0"
      aria-label={`${props.label}, point by point`}
      aria-description={
        props.onSelect ? 'Arrow keys move, Shift with them selects, Enter shows what is selected.' : undefined
      }
      aria-valuemin={0}
      aria-valuemax={Math.max(0, count() - 1)}
      aria-valuenow={at()}
      aria-valuetext={describePoint(props, at())}
      onKeyDown={(event) => {
        if (brush.press(event.key, event.shiftKey && props.onSelect !== undefined)) event.preventDefault()
      }}
      onBlur={brush.clear}
      {...pointer}
    >
      <Show when={Math.min(count(), countUnrecorded(props))}>
        {(points) => (
          <Unrecorded
            style={{
              left: `${geometry.plot().left}px`,
              top: `${geometry.plot().top}px`,
              width: `${points() * geometry.slot()}px`,
              height: `${geometry.plot().height}px`,
            }}
          />
        )}
      </Show>
      <svg class={styles['svg']} width={geometry.width()} height={props.height} aria-hidden="true">
        <TimeAxes
          plot={geometry.plot()}
          counts={geometry.scale()}
          times={geometry.marks()}
          start={props.start}
          span={geometry.span()}
        />
        <BrushMarks brush={brush} plot={geometry.plot()} slot={geometry.slot()} />
        <For each={bars()}>
          {(path, index) => (
            <path class={styles['bars']} data-series={props.series[index()]?.colour} d={path} />
          )}
        </For>
      </svg>
      <Show when={brush.cursor() !== undefined}>
        <ChartReadout {...props} index={at()} x={geometry.middle(at())} width={geometry.width()} />
      </Show>
    </div>
  )
}

/** Sizes and scales for the available width. */
function createGeometry(props: TimePlotProps) {
  const [width, setWidth] = createSignal(640)
  const sums = createMemo(() => totals(props.series))
  const scale = createMemo(() => countScale(Math.max(0, ...sums())))
  const span = () => sums().length * props.bucketSeconds * 1000
  const plot = createMemo((): Plot => ({
    left: margin.left,
    top: margin.top,
    width: width() - margin.left - margin.right,
    height: props.height - margin.top - margin.bottom,
  }))
  const marks = createMemo(() => timeTicks(props.start, props.start + span(), Math.floor(width() / 90)))
  const slot = () => plot().width / Math.max(1, sums().length)
  const middle = (index: number) => plot().left + (index + 0.5) * slot()
  const watch = (element: HTMLElement) =>
    onMount(() => {
      const observer = new ResizeObserver(([entry]) => {
        if (entry) setWidth(Math.max(240, entry.contentRect.width))
      })
      observer.observe(element)
      onCleanup(() => observer.disconnect())
    })
  return { width, sums, scale, span, plot, marks, slot, middle, watch }
}

function BrushMarks(props: { brush: Brush; plot: Plot; slot: number }): JSX.Element {
  const place = (first: number, count: number) => ({
    x: props.plot.left + first * props.slot,
    width: count * props.slot,
    y: props.plot.top,
    height: props.plot.height,
  })
  return (
    <>
      <Show when={props.brush.span()}>
        {(chosen) => (
          <rect class={styles['brush']} {...place(chosen().first, chosen().last - chosen().first + 1)} />
        )}
      </Show>
      <Show when={props.brush.cursor() !== undefined}>
        <rect class={styles['cursor']} {...place(props.brush.cursor() ?? 0, 1)} />
      </Show>
    </>
  )
}

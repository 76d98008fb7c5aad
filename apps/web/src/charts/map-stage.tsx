import { createMemo, createSignal, For, type JSX, Show } from 'solid-js'
import { countryName } from '../lib/country.ts'
import { formatCount } from '../lib/format-counts.ts'
import { VisuallyHidden } from '../ui/visually-hidden.tsx'
import { createMapKeys } from './map-keys.ts'
import { createMapPointer } from './map-pointer.ts'
import { mapSize, type MapView, shadeOf } from './map-view.ts'
import styles from './world-map.module.css'
import type { Shape, World } from './world-shapes.ts'

export type MapStageProps = {
  label: string
  unit: string
  world: World
  values: ReadonlyMap<string, number>
  most: number
  view: MapView
  setView: (view: MapView) => void
  selected?: string | undefined
  onSelect?: ((code: string) => void) | undefined
}

/** The drawn world, which can be dragged and zoomed. */
export function MapStage(props: MapStageProps): JSX.Element {
  const view = () => props.view
  const setView = (next: MapView) => props.setView(next)
  const [pointed, setPointed] = createSignal<string>()
  const pointer = createMapPointer({ view, setView, size: mapSize })
  const centres = createMemo(() => centresOf(props.world.shapes))
  const keys = createMapKeys({
    view,
    setView,
    centres,
    values: () => props.values,
    current: pointed,
    setCurrent: setPointed,
    onSelect: (code) => props.onSelect?.(code),
  })
  const words = () => {
    const code = pointed()
    return code && `${countryName(code)}: ${formatCount(props.values.get(code) ?? 0, props.unit)}`
  }
  const current = createMemo(() =>
    props.world.shapes.filter(({ code }) => code && (code === pointed() || code === props.selected)),
  )
  const select = (code: string | undefined) => {
    if (code && !pointer.moved()) props.onSelect?.(code)
  }

  return (
    <div class={styles['stage']}>
      <svg
        class={styles['map']}
        viewBox={`0 0 ${mapSize.width} ${mapSize.height}`}
        // the whole map cannot be dragged, so a finger scrolls the page
        style={{ 'touch-action': view().scale > 1 ? 'none' : 'pan-x pan-y' }}
        role="application"
        tabindex="0"
        aria-label={`${props.label}, map`}
        aria-description="Arrow keys move, plus and minus zoom, 0 shows the whole world, Page Down and Page Up go from country to country, Enter opens one."
        onKeyDown={keys}
        onPointerOver={(event) => setPointed(codeAt(event.target))}
        onBlur={() => setPointed(undefined)}
        data-selectable={props.onSelect ? '' : undefined}
        {...pointer.handlers}
        onPointerLeave={(event) => {
          pointer.handlers.onPointerLeave(event)
          setPointed(undefined)
        }}
      >
        <g transform={`translate(${view().x} ${view().y}) scale(${view().scale * props.world.unit})`}>
          <For each={props.world.shapes}>
            {(shape) => (
              <path
                class={styles['country']}
                d={shape.path}
                data-code={shape.code}
                data-shade={shadeOf(props.values.get(shape.code ?? '') ?? 0, props.most)}
                onClick={() => select(shape.code)}
              />
            )}
          </For>
          {/* above its neighbours, which would cover a half of the line */}
          <For each={current()}>
            {(shape) => (
              <>
                <path class={styles['halo']} d={shape.path} />
                <path class={styles['outline']} d={shape.path} />
              </>
            )}
          </For>
        </g>
      </svg>
      <Show when={words()}>
        <p class={styles['tip']} aria-hidden="true">
          {words()}
        </p>
      </Show>
      <VisuallyHidden>
        <span aria-live="polite">{words()}</span>
      </VisuallyHidden>
    </div>
  )
}

const codeAt = (target: EventTarget) =>
  target instanceof Element ? (target.getAttribute('data-code') ?? undefined) : undefined

/** Returns the centre of each country, by its largest shape. */
function centresOf(shapes: readonly Shape[]): ReadonlyMap<string, readonly [number, number]> {
  const largest = new Map<string, Shape>()
  for (const shape of shapes)
    if (shape.code && shape.area > (largest.get(shape.code)?.area ?? -1)) largest.set(shape.code, shape)
  return new Map([...largest].map(([code, { centre }]) => [code, centre]))
}

import type { JSX } from 'solid-js'
import { clampView, type MapSize, type MapView, zoomView } from './map-view.ts'

export type MapPointerOptions = {
  view: () => MapView
  setView: (view: MapView) => void
  size: MapSize
}

type Handler = JSX.EventHandler<SVGSVGElement, PointerEvent>
type Point = readonly [number, number]

/** Drag with one pointer, zoom with two or with the wheel and Ctrl; `moved` distinguishes a drag from a click. */
export function createMapPointer({ view, setView, size }: MapPointerOptions) {
  const pointers = new Map<number, Point>()
  let travelled = 0

  const pointOf = (event: MouseEvent & { currentTarget: SVGSVGElement }): Point => {
    const box = event.currentTarget.getBoundingClientRect()
    return [
      ((event.clientX - box.left) / Math.max(1, box.width)) * size.width,
      ((event.clientY - box.top) / Math.max(1, box.height)) * size.height,
    ]
  }
  const drag = (before: Point, now: Point) => {
    const { x, y, scale } = view()
    setView(clampView({ scale, x: x + now[0] - before[0], y: y + now[1] - before[1] }, size))
  }
  const pinch = (before: Point, now: Point, other: Point) => {
    const far = (point: Point) => Math.max(1, Math.hypot(point[0] - other[0], point[1] - other[1]))
    setView(zoomView(view(), { factor: far(now) / far(before), at: other, size }))
  }

  const onPointerDown: Handler = (event) => {
    if (event.button !== 0) return
    if (pointers.size === 0) travelled = 0
    pointers.set(event.pointerId, pointOf(event))
  }
  const onPointerMove: Handler = (event) => {
    const before = pointers.get(event.pointerId)
    if (!before) return
    const now = pointOf(event)
    travelled += Math.abs(now[0] - before[0]) + Math.abs(now[1] - before[1])
    // only once it is a drag: with a captured pointer, a click would hit the map instead of the country
    if (travelled > 6) event.currentTarget.setPointerCapture?.(event.pointerId)
    pointers.set(event.pointerId, now)
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1]
    if (other) pinch(before, now, other)
    else drag(before, now)
  }
  const onPointerEnd: Handler = (event) => void pointers.delete(event.pointerId)
  const onWheel = (event: WheelEvent & { currentTarget: SVGSVGElement }) => {
    // the wheel alone scrolls the page
    if (!event.ctrlKey && !event.metaKey) return
    event.preventDefault()
    setView(zoomView(view(), { factor: Math.exp(-event.deltaY / 300), at: pointOf(event), size }))
  }

  return {
    moved: () => travelled > 6,
    handlers: {
      onPointerDown,
      onPointerMove,
      onPointerUp: onPointerEnd,
      onPointerCancel: onPointerEnd,
      onPointerLeave: onPointerEnd,
      'on:wheel': { handleEvent: onWheel as (event: WheelEvent) => void, passive: false },
    },
  }
}

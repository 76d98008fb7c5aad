import type { JSX } from 'solid-js'
import type { createBrush } from './brush.ts'

type DragOptions = {
  brush: ReturnType<typeof createBrush>
  slot: () => number
  left: () => number
  canSelect: () => boolean
}

/** Controls a brush by pointer: hover and tap show a value, a drag selects a range. */
export function createBrushPointer({ brush, slot, left, canSelect }: DragOptions) {
  let began: number | undefined
  const indexOf = (event: PointerEvent & { currentTarget: HTMLElement }) =>
    Math.floor((event.clientX - event.currentTarget.getBoundingClientRect().left - left()) / slot())
  type Handler = JSX.EventHandler<HTMLDivElement, PointerEvent>
  const down: Handler = (event) => {
    brush.point(indexOf(event))
    if (!canSelect() || event.button !== 0) return
    began = event.clientX
    brush.begin(indexOf(event))
    event.currentTarget.setPointerCapture?.(event.pointerId)
  }
  const up: Handler = (event) => {
    const moved = began !== undefined && Math.abs(event.clientX - began) > 6
    began = undefined
    if (moved) brush.commit()
    else brush.cancel()
  }
  return {
    onPointerDown: down,
    onPointerMove: ((event) => void brush.point(indexOf(event))) satisfies Handler,
    onPointerUp: up,
    onPointerCancel: () => {
      began = undefined
      brush.cancel()
    },
    onPointerLeave: ((event) => {
      if (began === undefined && event.pointerType !== 'touch') brush.clear()
    }) satisfies Handler,
  }
}

export type MapSize = { readonly width: number; readonly height: number }

/** The size of the map, in its own units. */
export const mapSize: MapSize = { width: 960, height: 470 }

/** The visible part of the map: moved by x and y in map units, then `scale` times as large. */
export type MapView = { readonly x: number; readonly y: number; readonly scale: number }

export const wholeMap: MapView = { x: 0, y: 0, scale: 1 }
const MAX_SCALE = 12

/** Keeps the map within its frame. */
export function clampView(view: MapView, size: MapSize): MapView {
  const scale = Math.min(MAX_SCALE, Math.max(1, view.scale))
  const limit = (value: number, length: number) => Math.min(0, Math.max(length * (1 - scale), value))
  return { scale, x: limit(view.x, size.width), y: limit(view.y, size.height) }
}

/** Zooms by `factor`; the given point of the frame stays where it is. */
export function zoomView(
  view: MapView,
  options: { factor: number; at?: readonly [number, number]; size: MapSize },
): MapView {
  const { size, factor } = options
  const [atX, atY] = options.at ?? [size.width / 2, size.height / 2]
  const scale = Math.min(MAX_SCALE, Math.max(1, view.scale * factor))
  const ratio = scale / view.scale
  return clampView({ scale, x: atX - (atX - view.x) * ratio, y: atY - (atY - view.y) * ratio }, size)
}

/** Centres a point of the map, zoomed in enough to see it. */
export function centreView(
  view: MapView,
  options: { point: readonly [number, number]; least: number; size: MapSize },
): MapView {
  const { point, size } = options
  const scale = Math.max(view.scale, options.least)
  return clampView(
    { scale, x: size.width / 2 - point[0] * scale, y: size.height / 2 - point[1] * scale },
    size,
  )
}

/** Returns the shade of a value, 1 to 5, 0 for none; logarithmic, because a few countries have most bans. */
export function shadeOf(value: number, most: number): number {
  if (value <= 0) return 0
  return Math.max(1, Math.min(5, Math.ceil((5 * Math.log1p(value)) / Math.log1p(Math.max(value, most)))))
}

/** A shade and the values that it stands for, both ends included. */
export type ShadeStep = { readonly shade: number; readonly from: number; readonly to: number }

/** Returns the shades that values up to `most` can have, from the lowest; a single one if there is only one. */
export function shadeSteps(most: number): readonly ShadeStep[] {
  if (most <= 0) return [{ shade: 0, from: 0, to: 0 }]
  const steps: ShadeStep[] = []
  let from = 1
  for (let shade = 1; shade <= 5; shade += 1) {
    // logarithms are inexact, so the borders are checked
    let to = Math.round(Math.expm1((shade / 5) * Math.log1p(most)))
    while (to >= from && shadeOf(to, most) > shade) to -= 1
    while (to < most && shadeOf(to + 1, most) <= shade) to += 1
    if (to >= from) steps.push({ shade, from, to })
    from = Math.max(from, to + 1)
  }
  return steps
}

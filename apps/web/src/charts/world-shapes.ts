import { defineLazyModule } from '../lib/lazy-module.ts'

/** `coarse` is for a small map: it has no shapes of the smallest countries. */
export type Detail = 'coarse' | 'fine'

/** A shape of the map; a country can have several. */
export type Shape = {
  readonly code: string | undefined
  /** in units of the path */
  readonly path: string
  /** in units of the map */
  readonly centre: readonly [number, number]
  readonly area: number
}

/** The shapes of the world, and how many map units one unit of their paths is. */
export type World = { readonly unit: number; readonly shapes: readonly Shape[] }

const parts = {
  coarse: defineLazyModule(() => import('virtual:world-coarse')),
  fine: defineLazyModule(() => import('virtual:world-fine')),
}

/** The shapes of the world, a large file that is fetched on demand. */
export async function loadWorld(detail: Detail): Promise<World> {
  const { units, shapes } = await parts[detail].load()
  return {
    unit: 1 / units,
    shapes: shapes.map(([code, path, x, y, area]) => ({
      code: code === '' ? undefined : code,
      path,
      centre: [x / units, y / units],
      area: area / units ** 2,
    })),
  }
}

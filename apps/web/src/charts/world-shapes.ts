import { defineLazyModule } from '../lib/lazy-module.ts'

/** `coarse` for a small map: it leaves out the smallest countries. */
export type Detail = 'coarse' | 'fine'

/** One shape of the map; a country may have several. */
export type Shape = {
  readonly code: string | undefined
  /** in units of the drawing */
  readonly path: string
  /** in the units of the map */
  readonly centre: readonly [number, number]
  readonly area: number
}

/** The shapes of the world, and how much of the map one unit of their paths is. */
export type World = { readonly unit: number; readonly shapes: readonly Shape[] }

const parts = {
  coarse: defineLazyModule(() => import('virtual:world-coarse')),
  fine: defineLazyModule(() => import('virtual:world-fine')),
}

/** The drawn world, a large file of its own. */
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

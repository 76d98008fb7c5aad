import { geoNaturalEarth1, geoPath } from 'd3-geo'
import { feature } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import { codeOfShape } from './country-codes.ts'

export const mapSize = { width: 960, height: 470 } as const

/** One shape of the map; a country may have several. */
export type Shape = {
  readonly code: string | undefined
  readonly path: string
  /** in the units of the map */
  readonly centre: readonly [number, number]
  readonly area: number
}

type World = Topology<{ countries: GeometryCollection<{ name: string }> }>
/** `coarse` for a small map: it leaves out the smallest countries. */
export type Detail = 'coarse' | 'fine'

const load = {
  coarse: () => import('world-atlas/countries-110m.json'),
  fine: () => import('world-atlas/countries-50m.json'),
}

/** The shapes of the world, a large file of its own. */
export async function loadShapes(detail: Detail): Promise<readonly Shape[]> {
  const world = await load[detail]()
  return drawShapes(world.default as unknown as World)
}

/** Projects the countries of a topology. */
export function drawShapes(world: World): readonly Shape[] {
  const collection = feature(world, world.objects.countries)
  // nobody is banned from Antarctica, and it would take a fifth of the room
  const inhabited = collection.features.filter(({ id }) => id !== '010')
  const projection = geoNaturalEarth1().fitSize([mapSize.width, mapSize.height], {
    type: 'FeatureCollection',
    features: inhabited,
  })
  const draw = geoPath(projection).digits(1)
  return inhabited.flatMap((country) => {
    const path = draw(country)
    if (!path) return []
    return [
      {
        code: codeOfShape(country.id, country.properties.name),
        path,
        centre: draw.centroid(country),
        area: draw.area(country),
      },
    ]
  })
}

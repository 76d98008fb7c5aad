import { type GeoContext, geoNaturalEarth1, geoPath } from 'd3-geo'
import { feature } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import { codeOfShape } from '../src/charts/country-codes.ts'

export type World = Topology<{ countries: GeometryCollection<{ name: string }> }>

/** Its code or '', its path, then the x and y of its centre and its area; in units that are whole numbers. */
export type DrawnShape = readonly [code: string, path: string, x: number, y: number, area: number]

type Point = readonly [number, number]

/** Projects the countries of a topology onto a plane of whole units, which is a fifth of the size of its source. */
export function drawWorld(world: World, size: Point): readonly DrawnShape[] {
  const collection = feature(world, world.objects.countries)
  // nobody is banned from Antarctica, and it would take a fifth of the room
  const inhabited = collection.features.filter(({ id }) => id !== '010')
  const projection = geoNaturalEarth1().fitSize([...size], {
    type: 'FeatureCollection',
    features: inhabited,
  })
  const measure = geoPath(projection)
  return inhabited.flatMap((country) => {
    const rings: Point[][] = []
    geoPath(projection, createPen(rings))(country)
    if (rings.length === 0) return []
    const [x, y] = measure.centroid(country)
    return [
      [
        codeOfShape(country.id, country.properties.name) ?? '',
        writePath(rings),
        Math.round(x),
        Math.round(y),
        Math.round(measure.area(country)),
      ] as const,
    ]
  })
}

/** Keeps what is drawn as rings of whole points, none twice in a row. */
function createPen(rings: Point[][]): GeoContext {
  const add = (x: number, y: number) => {
    const point = [Math.round(x), Math.round(y)] as const
    const last = rings.at(-1)?.at(-1)
    if (last?.[0] !== point[0] || last[1] !== point[1]) rings.at(-1)?.push(point)
  }
  return {
    beginPath: () => undefined,
    moveTo: (x, y) => {
      rings.push([])
      add(x, y)
    },
    lineTo: add,
    closePath: () => undefined,
    arc: () => undefined,
  }
}

/** A path of steps, in as few letters as there can be. */
function writePath(rings: readonly (readonly Point[])[]): string {
  const seen = rings.filter((ring) => ring.length > 2)
  let [x, y] = [0, 0]
  const steps = (seen.length > 0 ? seen : rings.slice(0, 1)).map((ring) => {
    const written = ring.map(([toX, toY]) => {
      const step = `${toX - x}${toY < y ? '' : ' '}${toY - y}`
      ;[x, y] = [toX, toY]
      return step
    })
    // closing a ring goes back to where it began
    ;[x, y] = ring[0] ?? [x, y]
    return `m${written.join(' ').replaceAll(' -', '-')}z`
  })
  return steps.join('')
}

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Plugin } from 'vite'
import { mapSize } from '../src/charts/map-view.ts'
import { drawWorld, type World } from './draw-world.ts'

const require = createRequire(import.meta.url)

/** The maps there are, and how many of their units make one of the page's. */
const maps = {
  'virtual:world-coarse': { file: 'world-atlas/countries-110m.json', units: 4 },
  'virtual:world-fine': { file: 'world-atlas/countries-50m.json', units: 10 },
} as const

type MapId = keyof typeof maps
const isMap = (id: string): id is MapId => Object.hasOwn(maps, id)

/** Draws the world when the page is built: the browser gets paths and needs no program that projects. */
export function worldShapes(): Plugin {
  return {
    name: 'bangui-world-shapes',
    resolveId: (id) => (isMap(id) ? `\0${id}` : undefined),
    load: (id) => {
      const name = id.slice(1)
      if (!id.startsWith('\0') || !isMap(name)) return undefined
      const { file, units } = maps[name]
      const world = JSON.parse(readFileSync(require.resolve(file), 'utf8')) as World
      const shapes = drawWorld(world, [mapSize.width * units, mapSize.height * units])
      // text is read much faster than code
      return `export const units = ${units}\nexport const shapes = JSON.parse(${JSON.stringify(JSON.stringify(shapes))})`
    },
  }
}

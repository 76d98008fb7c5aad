import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

// the linter finds circles, too, but not those of `import type`
test('no files import each other in a circle, not even for types', () => {
  expect(findCircles(sources())).toEqual([])
})

test('a circle of type imports is found', () => {
  const files = new Map([
    ['/a.ts', "import type { B } from './b.ts'"],
    ['/b.ts', "export { C } from './c.ts'"],
    ['/c.ts', "const a = await import('./a.ts')"],
    ['/d.ts', "import { A } from './a.ts'"],
  ])
  expect(findCircles(files)).toEqual(['/a.ts → /b.ts → /c.ts → /a.ts'])
})

/** Returns the text of every source file that is no test, by its path. */
function sources() {
  const folders = ['apps', 'packages'].flatMap((group) =>
    readdirSync(join(root, group)).map((name) => join(root, group, name, 'src')),
  )
  const paths = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true }).map((name) => join(folder, name)),
  )
  const isSource = (path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path)
  return new Map(paths.filter(isSource).map((path) => [path, readFileSync(path, 'utf8')]))
}

/** Returns one circle for each file that closes one, as text. */
function findCircles(files) {
  const circles = []
  const done = new Set()
  const visit = (path, before) => {
    if (before.includes(path)) {
      const circle = [...before.slice(before.indexOf(path)), path]
      circles.push(circle.map((each) => (each.startsWith(root) ? relative(root, each) : each)).join(' → '))
      return
    }
    if (done.has(path)) return
    for (const next of importsOf(path, files)) visit(next, [...before, path])
    done.add(path)
  }
  for (const path of files.keys()) visit(path, [])
  return circles
}

function importsOf(path, files) {
  const found = files.get(path).matchAll(/\bfrom '(\.[^']+)'|\bimport\('(\.[^']+)'\)/g)
  return [...found]
    .map(([, from, dynamic]) => resolve(dirname(path), from ?? dynamic))
    .filter((each) => files.has(each))
}

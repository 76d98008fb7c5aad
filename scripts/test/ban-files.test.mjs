import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Returns the source files of a folder whose names begin with a text. */
const filesIn = (folder, beginning = '') =>
  readdirSync(join(root, folder))
    .filter((name) => name.startsWith(beginning) && name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => `${folder}/${name}`)

test('banning and unbanning stay in twelve files of at most 250 lines', () => {
  const files = [
    ...filesIn('apps/server/src/features/bans'),
    ...filesIn('packages/fail2ban/src/host', 'bans'),
  ]
  const linesOf = (file) => readFileSync(join(root, file), 'utf8').trimEnd().split('\n').length
  expect(files.length).toBeLessThanOrEqual(12)
  expect(files.filter((file) => linesOf(file) > 250)).toEqual([])
})

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
    // gives a ban that is there another end or reason
  ].filter((file) => !file.endsWith('/update-ban.ts'))
  const linesOf = (file) => readFileSync(join(root, file), 'utf8').trimEnd().split('\n').length
  expect(files.length).toBeLessThanOrEqual(12)
  expect(files.filter((file) => linesOf(file) > 250)).toEqual([])
})

/** A comparison of a role, or a list of roles. */
const roleCheck =
  /\brole\b\s*[!=]==|[!=]==\s*'(?:viewer|operator|admin)'|\['(?:viewer|operator|admin)'|case '(?:viewer|operator|admin)'/

test('who may do what is decided in one place: nothing else compares roles', () => {
  const folders = ['apps/server/src', 'apps/web/src', 'packages/shared/src', 'packages/db/src']
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true }).map((name) => `${folder}/${String(name)}`),
  )
  const found = files.filter(
    (file) =>
      /(?<!\.test)\.tsx?$/.test(file) &&
      // its first argument is a user name of an attacker
      file !== 'apps/server/src/demo/attack-script.ts' &&
      roleCheck.test(readFileSync(join(root, file), 'utf8')),
  )
  expect(found).toEqual(['packages/shared/src/auth.ts', 'packages/shared/src/permissions.ts'])
})

/** The child of a `Show` or `Match` that reads its value into a text: Solid calls it once, so that the text would never change. */
const frozenText = />\s*\{\((\w+)\) => (?![\s(]*<)(?=[^\n]*\b\1\(\))/

test('what a Show gives its child is read within an element, so that it changes with the value', () => {
  const found = readdirSync(join(root, 'apps/web/src'), { recursive: true })
    .map((name) => `apps/web/src/${String(name)}`)
    .filter((file) => /(?<!\.test)\.tsx$/.test(file))
    .filter((file) => frozenText.test(readFileSync(join(root, file), 'utf8')))
  // gives an editor the text with which it begins
  expect(found).toEqual(['apps/web/src/features/configuration/text-pane.tsx'])
})

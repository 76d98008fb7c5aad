import { expect, test, vi } from 'vitest'
import { findByJail, type Conditions, type Place } from './find-places.ts'
import { createTestDatabase } from './testing/fail2ban-database.ts'

const everything: Conditions = { where: `typeof(timeofban) = 'integer'`, values: [] }

const after = ({ timeofban, rowid }: Place): Conditions => ({
  where: `${everything.where} and (timeofban, rowid) < (?, ?)`,
  values: [timeofban, rowid],
})

const rows = (jails: readonly string[]) =>
  Array.from({ length: 500 }, (_, n) => ({ timeofban: (n * 7) % 90, jail: jails[(n * n) % jails.length] }))

test.each([
  ['a few jails', ['sshd', 'a', "it's", 'zz']],
  ['a jail with an endless name', ['sshd', 'x'.repeat(2_000)]],
  ['more jails than anybody has', Array.from({ length: 1_100 }, (_, n) => `jail-${n}`)],
])('pages over %s have each ban once, newest first', async (_, jails) => {
  await using file = await createTestDatabase()
  file.insert('bans', [
    ...rows(jails),
    ...jails.map((jail) => ({ jail, timeofban: 5 })),
    { timeofban: 'never' },
  ])
  const expected = file.database
    .prepare(`select rowid from bans where typeof(timeofban) = 'integer' order by timeofban desc, rowid desc`)
    .pluck()
    .all()
  const found: Place[] = []
  for (let page = findByJail(file.database, everything, 30); page.length > 0;) {
    found.push(...page)
    page = findByJail(file.database, after(found.at(-1) as Place), 30)
  }
  expect(found.map(({ rowid }) => rowid)).toEqual(expected)
})

test('a page reads what an index has of each jail, and sorts nothing', async () => {
  await using file = await createTestDatabase()
  file.insert('bans', rows(['sshd', 'web']))
  const { database } = file
  const prepare = vi.spyOn(database, 'prepare')
  findByJail(database, after({ timeofban: 50, rowid: 3 }), 10)
  const asked = prepare.mock.calls.map(([text]) => text)
  expect(asked.length).toBeGreaterThan(2)
  for (const text of asked) {
    const steps = database.prepare<unknown[], { detail: string }>(`explain query plan ${text}`)
    const plan = steps.all(...Array.from(text.matchAll(/\?/g), () => 1)).map(({ detail }) => detail)
    expect(plan.join()).toMatch(/SEARCH bans USING COVERING INDEX \w+ \(jail[=>]\?/)
    expect(plan.join()).not.toContain('TEMP B-TREE')
  }
})

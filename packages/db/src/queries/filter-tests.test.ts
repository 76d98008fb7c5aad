import { LOCAL_HOST_ID } from '@bangui/shared'
import { expect, it } from 'vitest'
import { openTestDatabase } from '../testing.ts'
import { deleteFilterTest, insertFilterTest, listFilterTests, MAX_FILTER_TESTS } from './filter-tests.ts'
import { insertHost } from './hosts.ts'

const sample = { filter: 'sshd', mode: null, line: 'a line', address: '192.0.2.1', createdAt: 5 }

it('keeps the tests of a filter of a host, each once, in their order', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  const own = { db, hostId: LOCAL_HOST_ID }
  const { id: hostId } = await insertHost(db, { key: 'web2', name: 'web2', kind: 'local', createdAt: 1 })
  const other = { db, hostId }
  const first = await insertFilterTest(own, sample)
  const second = await insertFilterTest(own, { ...sample, address: null })
  expect(await insertFilterTest(own, { ...sample, createdAt: 9 })).toEqual(first)
  await insertFilterTest(own, { ...sample, filter: 'nginx' })
  expect(await listFilterTests(own, 'sshd')).toEqual([first, second])
  expect((await listFilterTests(own, null)).map(({ filter }) => filter)).toEqual(['nginx', 'sshd', 'sshd'])
  expect(await listFilterTests(other, null)).toEqual([])
  expect(await deleteFilterTest(other, first?.id ?? 0)).toBe(false)
  expect(await deleteFilterTest(own, first?.id ?? 0)).toBe(true)
  expect(await listFilterTests(own, 'sshd')).toEqual([second])
})

it('refuses more tests of a filter than it keeps', async () => {
  await using database = await openTestDatabase()
  const own = { db: database.db, hostId: LOCAL_HOST_ID }
  for (let index = 0; index < MAX_FILTER_TESTS; index++)
    await insertFilterTest(own, { ...sample, line: `line ${index}` })
  expect(await insertFilterTest(own, sample)).toBeUndefined()
  expect(await insertFilterTest(own, { ...sample, line: 'line 3' })).toBeDefined()
})

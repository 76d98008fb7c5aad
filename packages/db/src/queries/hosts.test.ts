import { LOCAL_HOST_ID, LOCAL_HOST_KEY } from '@bangui/shared'
import { expect, it } from 'vitest'
import { openTestDatabase } from '../testing.ts'
import { findHostByKey, insertHost, listHosts, setHostName } from './hosts.ts'

const web = { key: 'web-1', name: 'web 1', kind: 'agent', createdAt: 5 } as const

it('lists the local host from the beginning, and the others after it', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  expect(await listHosts(db)).toMatchObject([{ id: LOCAL_HOST_ID, key: LOCAL_HOST_KEY, kind: 'local' }])
  const added = await insertHost(db, web)
  expect(added).toMatchObject(web)
  expect((await listHosts(db)).map(({ key }) => key)).toEqual([LOCAL_HOST_KEY, 'web-1'])
})

it('finds a host by its key, and refuses a second one with it', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  const added = await insertHost(db, web)
  expect(await findHostByKey(db, 'web-1')).toEqual(added)
  expect(await findHostByKey(db, 'web-2')).toBeUndefined()
  await expect(insertHost(db, web)).rejects.toThrow('UNIQUE')
})

it('renames one host and no other', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  const { id } = await insertHost(db, web)
  await setHostName(db, id, 'the web')
  expect((await listHosts(db)).map(({ name }) => name)).toEqual(['local', 'the web'])
})

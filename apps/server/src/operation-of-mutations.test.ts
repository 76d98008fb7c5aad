import { insertChanges, insertIgnore, insertList, saveContent } from '@bangui/db'
import { describe, expect, it } from 'vitest'
import { asRole } from '../test/as-role.ts'
import { createBanApi } from '../test/ban-api.ts'
import { blankContent, blankList } from '../test/blank-list.ts'
import { chunksOf, readList } from './features/blocklists/read-list.ts'
import { appRouter, createCaller } from './router.ts'
import type { ProcedureMeta } from './trpc.ts'

interface Procedure {
  readonly _def: { readonly type: string; readonly meta?: ProcedureMeta }
}

const mutations = Object.entries(appRouter._def.procedures as unknown as Record<string, Procedure>)
  .filter(([, { _def }]) => _def.type === 'mutation')
  .map(([path, { _def }]) => ({ path, effect: _def.meta?.effect }))

/** What each mutation is called with, and the kind and title of its operation. */
const calls: Record<string, { readonly input?: unknown; readonly kind: string; readonly title: string }> = {
  'bans.ban': {
    input: { jail: 'sshd', addresses: ['45.1.1.1'] },
    kind: 'ban',
    title: 'Banning 45.1.1.1 in sshd',
  },
  'bans.unban': {
    input: { addresses: ['45.1.1.1', '45.1.1.2'] },
    kind: 'unban',
    title: 'Unbanning 2 addresses in all jails',
  },
  'bans.update': {
    input: { jail: 'sshd', address: '45.1.1.1', reason: 'a scanner' },
    kind: 'ban.update',
    title: 'Changing the ban of 45.1.1.1 in sshd',
  },
  'bans.banLost': { kind: 'ban', title: 'Banning the lost addresses again' },
  'bans.setUpManualJail': { kind: 'jail.create', title: 'Setting up jail bangui' },
  'blocklists.confirm': {
    input: { id: 1 },
    kind: 'blocklist.import',
    title: 'Importing 1 address of known into sshd',
  },
  'blocklists.import': {
    input: { id: 1 },
    kind: 'blocklist.import',
    title: 'Importing 1 address of known into sshd',
  },
  'blocklists.setUpJail': { kind: 'jail.create', title: 'Setting up jail blocklists' },
  'blocklists.unban': { input: { id: 1 }, kind: 'unban', title: 'Unbanning the addresses of known' },
  'config.apply': {
    input: { edits: [{ kind: 'set', scope: 'jail', name: 'sshd', key: 'bantime', value: '1h' }] },
    kind: 'config.apply',
    title: 'Changing jail sshd',
  },
  'config.revert': {
    input: { id: '6f2c1b2e-0000-4000-8000-000000000001' },
    kind: 'config.revert',
    title: 'Undoing: Changing jail web',
  },
  'health.proveBan': {
    input: { jail: 'sshd' },
    kind: 'jail.prove_ban',
    title: 'Testing whether bans of sshd block',
  },
  'ignores.add': {
    input: { address: '45.1.1.1/24' },
    kind: 'ignore.add',
    title: 'Adding the allow list entry 45.1.1.0/24',
  },
  'ignores.import': {
    input: { entries: [{ address: '45.1.1.1' }] },
    kind: 'ignore.import',
    title: 'Importing 1 entry of the allow list',
  },
  'ignores.remove': {
    input: { id: 1 },
    kind: 'ignore.remove',
    title: 'Removing the allow list entry 45.2.2.2 in sshd',
  },
  'ignores.setSelf': {
    input: { jail: 'sshd', self: false },
    kind: 'jail.update',
    title: 'Changing jail sshd',
  },
  'ignores.update': {
    input: { id: 1, note: 'office' },
    kind: 'ignore.update',
    title: 'Changing the allow list entry 45.2.2.2 in sshd',
  },
  'jails.activate': { input: { name: 'sshd' }, kind: 'jail.activate', title: 'Activating jail sshd' },
  'jails.deactivate': { input: { name: 'sshd' }, kind: 'jail.deactivate', title: 'Deactivating jail sshd' },
  'jails.start': { input: { name: 'sshd' }, kind: 'jail.start', title: 'Starting jail sshd' },
  'jails.stop': { input: { name: 'sshd' }, kind: 'jail.stop', title: 'Stopping jail sshd' },
  'jails.reload': { input: { name: 'sshd' }, kind: 'jail.reload', title: 'Reloading jail sshd' },
  'jails.restart': { input: { name: 'sshd' }, kind: 'jail.restart', title: 'Restarting jail sshd' },
  'jails.setIdle': { input: { name: 'sshd', idle: true }, kind: 'jail.idle', title: 'Pausing jail sshd' },
  'jails.update': { input: { name: 'sshd', maxretry: 3 }, kind: 'jail.update', title: 'Changing jail sshd' },
  'operations.resume': { input: { id: 'cut' }, kind: 'ban', title: 'Banning 45.8.8.8' },
  'operations.undo': { input: { id: 'earlier' }, kind: 'undo', title: 'Undoing: Unbanning 45.9.9.9' },
  'pause.end': { input: {}, kind: 'pause.end', title: 'Ending the maintenance pause' },
  'pause.start': { input: { minutes: 60 }, kind: 'pause.start', title: 'Pausing all jails for 60 min' },
  'recovery.rollback': { kind: 'rollback', title: 'Rolling back' },
  'server.cancelLoad': { kind: 'daemon.cancel_load', title: 'Cancelling the load of the configuration' },
  'server.reload': { kind: 'daemon.reload', title: 'Reloading fail2ban' },
  'server.restart': { kind: 'daemon.restart', title: 'Restarting fail2ban' },
  'server.start': { kind: 'daemon.start', title: 'Starting fail2ban' },
  'server.stop': { kind: 'daemon.stop', title: 'Stopping fail2ban' },
}

/** BanGUI after an unban that can be undone, and a ban that can go on. */
async function setUp() {
  const at = await createBanApi()
  const request = { id: 'earlier', kind: 'unban', title: 'Unbanning 45.9.9.9', total: 1 } as const
  const actor = { kind: 'user', name: 'grace' } as const
  const host = { id: 1, key: 'local' }
  await at.deps.operations.run({ ...request, actor, host, cancellable: true }, ({ keep }) =>
    keep('unbanned', [
      {
        id: 1,
        jail: 'sshd',
        address: '45.9.9.9',
        until: 1,
        by: { kind: 'fail2ban', name: null },
        reason: null,
      },
    ]),
  )
  const cut = { id: 'cut', kind: 'ban', title: 'Banning 45.8.8.8', total: 1, undoes: null } as const
  const params = { jail: 'sshd' }
  const { records: store } = at.deps.operations
  await store.begin({
    ...cut,
    hostId: 1,
    params,
    actor: { kind: 'user', name: 'Ada' },
    startedAt: 1_000_000,
  })
  await store.replaceItems('cut', 'requested', ['45.8.8.8'])
  await store.interrupt(1_000_000)
  const before = (await store.find('cut'))!
  const change = {
    id: '6f2c1b2e-0000-4000-8000-000000000001',
    operationId: null,
    title: 'Changing jail web',
    note: null,
    files: [],
    load: [],
    expect: { before: [], running: [], stopped: [] },
    state: 'applied',
    createdAt: 1,
  } as const
  await insertChanges({ db: at.deps.database.db, hostId: 1 }, [change], 1)
  const list = { ...blankList, name: 'known', jail: 'sshd' }
  await insertList(at.deps.hostDb, list)
  await saveContent(at.deps.database.db, 1, {
    ...blankContent,
    kind: 'upload',
    content: Buffer.from('45.7.7.7'),
  })
  const { content, hash, entries } = await readList(chunksOf(Buffer.from('45.7.7.7')), {
    format: 'auto',
    column: null,
  })
  await saveContent(at.deps.database.db, 1, {
    ...blankContent,
    kind: 'held',
    content,
    hash,
    entries: entries.ipv4.length,
  })
  await insertIgnore(at.deps.hostDb, {
    address: '45.2.2.2',
    jail: 'sshd',
    everyHost: false,
    note: null,
    by: 'grace',
    addedAt: 1,
    expiresAt: null,
  })
  const records = async () => {
    const { rows } = await at.deps.operations.records.list({ filter: {}, cursor: null, limit: 50 })
    const isUntouched = (record: object) => JSON.stringify(record) === JSON.stringify(before)
    return rows.filter((record) => record.id !== 'earlier' && !isUntouched(record))
  }
  const call = (path: string, input: unknown) => {
    const caller = createCaller(asRole(at.deps, 'admin')) as unknown as Record<
      string,
      (input: unknown) => Promise<unknown>
    >
    return caller[path]!(input)
  }
  return { ...at, records, call }
}

it('every mutation declares what it changes', () => {
  expect(mutations.filter(({ effect }) => effect === undefined)).toEqual([])
})

it('knows every mutation that changes a host', () => {
  const paths = mutations.filter(({ effect }) => effect === 'host').map(({ path }) => path)
  expect(paths.toSorted()).toEqual(Object.keys(calls).toSorted())
})

describe.each(Object.entries(calls))('%s', (path, { input, kind, title }) => {
  it('leaves one record, with actor, host, kind, title and outcome', async () => {
    await using at = await setUp()
    const outcome = await at.call(path, input).then(
      () => 'done',
      () => 'failed',
    )
    await expect.poll(async () => (await at.records()).filter(({ state }) => state === 'running')).toEqual([])
    const records = await at.records()
    expect(records).toMatchObject([
      {
        actor: { kind: 'user', name: 'Ada' },
        hostId: 1,
        kind,
        title,
        startedAt: 1_000_000,
        endedAt: 1_000_000,
      },
    ])
    // a verb that the fake host lacks is refused
    if (outcome === 'failed')
      expect(records).toMatchObject([{ state: 'failed', message: expect.stringMatching(/\.$/) }])
    else expect(records[0]?.state).toMatch(/^(done|partly|failed)$/)
  })
})

describe.each(mutations.filter(({ effect }) => effect !== 'host'))('$path', ({ path }) => {
  it('leaves no record', async () => {
    await using at = await setUp()
    await at.call(path, {}).catch(() => undefined)
    expect(await at.records()).toEqual([])
  })
})

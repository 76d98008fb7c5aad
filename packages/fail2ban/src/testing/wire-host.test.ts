import { eventsOf, resultOf, stepsOf } from '@bangui/async'
import { healthChecks, noHealthHistory } from '@bangui/shared'
import { expect, it } from 'vitest'
import { previewSettings, reloadAll, stageSettings, stageSwitch, startJail } from '../../test/changes.ts'
import { createTestHost } from '../../test/with-host.ts'
import type { ConnectionEvent } from '../connection.ts'
import { HostError, type HostErrorCode } from '../host-error.ts'
import type { PreparedChange } from '../models/change-models.ts'
import type { Fail2banHost } from '../host.ts'
import { verbEffects } from '../host/read-only-host.ts'
import { createWireHost } from './wire-host.ts'

const address = '203.0.113.9'
const page = { cursor: null, limit: 10 }
const nothing = { changeId: null, jailName: null, missingJails: [] }
const span = { from: Date.now() - 3_600_000, to: Date.now() + 60_000, bucketSeconds: 60 }
const signal = () => AbortSignal.timeout(60_000)

/** Returns the first item of an iterable. */
async function first<TItem>(items: AsyncIterable<TItem>): Promise<TItem | undefined> {
  for await (const item of items) return item
  return undefined
}

/** Returns all items of an iterable. */
async function collect<TItem>(items: AsyncIterable<TItem>): Promise<TItem[]> {
  const all: TItem[] = []
  for await (const item of items) all.push(item)
  return all
}

let lastChange = ''

const applied = async ({ config }: Fail2banHost, change: PreparedChange | undefined) => {
  expect(change).toBeDefined()
  lastChange = change?.changeId ?? ''
  return config.apply(change?.changeId ?? '', { confirmWithinMs: 60_000 })
}

const steps: unknown[] = []

const sample = { id: 1, filter: 'app', mode: null, line: 'a line', address: null }

/** Every verb, in an order in which each has something to do. */
const calls: { readonly [name: string]: (host: Fail2banHost) => Promise<unknown> } = {
  'config.listInterrupted': ({ config }) => config.listInterrupted(),
  'config.forget': ({ config }) => config.forget('nothing'),
  'config.settleInterrupted': ({ config }) => config.settleInterrupted(),
  'daemon.start': ({ daemon }) => daemon.start(),
  'daemon.info': ({ daemon }) => daemon.info(),
  'daemon.probe': ({ daemon }) => daemon.probe(),
  'daemon.whenBansRestored': ({ daemon }) => daemon.whenBansRestored(),
  'bans.ban': ({ bans }) => bans.ban('app', [address, '2001:db8::1']),
  'bans.list': ({ bans }) => bans.list('app'),
  'bans.count': ({ bans }) => bans.count(),
  'events.follow': ({ events }) => first(events.follow({ position: null, signal: signal() })),
  'history.readBans': ({ history }) => history.readBans(page),
  'history.readActiveBans': ({ history }) => history.readActiveBans(page),
  'history.list': ({ history }) =>
    history.list({ from: null, to: null, jail: null, address: null, ...page }, { signal: signal() }),
  'history.count': ({ history }) => history.count(span, { signal: signal() }),
  'history.recordedSince': ({ history }) => history.recordedSince(),
  'history.databaseStatus': ({ history }) => history.databaseStatus(),
  'bans.unban': ({ bans }) =>
    resultOf(bans.unban('app', [address, '2001:db8::1'], { signal: signal() }), (step) => steps.push(step)),
  'jails.list': ({ jails }) => jails.list(),
  'jails.get': ({ jails }) => jails.get('app'),
  'jails.listBantimes': ({ jails }) => jails.listBantimes(),
  'jails.getTuning': ({ jails }) => jails.getTuning('app'),
  'jails.getFilter': ({ jails }) => jails.getFilter('app'),
  'jails.getIgnoreList': ({ jails }) => jails.getIgnoreList('app'),
  'jails.listIgnored': ({ jails }) => jails.listIgnored('app'),
  'jails.tune': ({ jails }) => jails.tune('app', { bantime: 60, addIgnored: ['192.0.2.1'] }),
  'ignores.set': ({ ignores }) => ignores.set([{ jail: 'app', add: ['192.0.2.2'], remove: [] }]),
  'ignores.listRunning': ({ ignores }) => ignores.listRunning(),
  'ignores.listConfigured': ({ ignores }) => ignores.listConfigured(),
  'ignores.resolve': ({ ignores }) => ignores.resolve(['localhost']),
  'jails.setIdle': ({ jails }) => jails.setIdle('app', false),
  'config.listNotices': ({ config }) => config.listNotices(),
  'config.listParts': ({ config }) => config.listParts(),
  'config.listFiles': ({ config }) => config.listFiles(),
  'config.readFile': ({ config }) => config.readFile('jail.conf'),
  'config.readOwnFiles': ({ config }) => collect(config.readOwnFiles()),
  'config.listUpgradeFiles': ({ config }) => config.listUpgradeFiles(),
  'config.listSettings': ({ config }) => config.listSettings('jail', 'app'),
  'config.preview': (host) => previewSettings(host, 'app', { bantime: 77 }),
  'config.stage': (host) => stageSettings(host, 'app', { bantime: 78 }),
  'config.apply': async (host) => applied(host, await stageSwitch(host, 'spare', true)),
  'config.changeSteps': async ({ config }) => {
    for await (const step of config.changeSteps({ signal: AbortSignal.abort() })) return step
    return undefined
  },
  'health.compareBans': ({ health }) => health.compareBans(['app']),
  'config.compareDraft': ({ config }) =>
    config.compareDraft([{ kind: 'set', scope: 'jail', name: 'app', key: 'maxretry', value: '4' }]),
  'config.noteOutsideChanges': ({ config }) => config.noteOutsideChanges(0),
  'config.readChange': async ({ config }) => config.readChange(lastChange),
  'config.compareRevert': ({ config }) => config.compareRevert(lastChange, []),
  'config.findServices': ({ config }) => config.findServices(),
  'config.listDraftedSettings': ({ config }) =>
    config.listDraftedSettings([{ kind: 'set', scope: 'jail', name: 'app', key: 'maxretry', value: '4' }], {
      scope: 'jail',
      name: 'app',
    }),
  'config.checkLogs': ({ config }) => config.checkLogs({ paths: ['/var/log/nosuch.log'] }),
  'config.findUnconfirmed': ({ config }) => config.findUnconfirmed(),
  'config.confirm': async ({ config }) => config.confirm((await config.findUnconfirmed())?.change.id ?? ''),
  'config.rollback': ({ config }) => resultOf(config.rollback(nothing), (step) => steps.push(step)),
  'config.cancelLoad': ({ config }) => config.cancelLoad(),
  'config.testRegex': ({ config }) =>
    config.testRegex({ jail: 'app', lines: ['a line'] }, { signal: signal() }),
  'config.runFilterTests': ({ config }) => config.runFilterTests('app', [sample], { signal: signal() }),
  'config.listFilterModes': ({ config }) => config.listFilterModes('app'),
  'logs.read': ({ logs }) => logs.read(),
  'logs.list': ({ logs }) => logs.list(),
  'logs.tail': ({ logs }) => logs.tail({}, 10),
  'logs.follow': ({ logs }) => first(logs.follow({}, { limit: 10, signal: signal() })),
  'health.run': ({ health }) =>
    collect(
      health.run(
        { checks: healthChecks.map(({ id }) => id), history: noHealthHistory },
        { signal: signal() },
      ),
    ),
  'health.proveBan': ({ health }) => health.proveBan('app'),
  'daemon.restart': ({ daemon }) => resultOf(daemon.restart(), (step) => steps.push(step)),
  'daemon.connectionEvents': async ({ daemon }) => {
    const event = first(daemon.connectionEvents({ signal: signal() }))
    await daemon.stop()
    return event
  },
  'daemon.stop': ({ daemon }) => daemon.stop(),
}

it('is called with every verb that a host has', () => {
  const all = Object.entries(verbEffects).flatMap(([group, verbs]) =>
    Object.keys(verbs).map((verb) => `${group}.${verb}`),
  )
  expect(Object.keys(calls).toSorted()).toEqual(all.toSorted())
})

it('changes no argument and no result of any verb of a local host', async () => {
  await using at = await createTestHost()
  const host = createWireHost(at.host)
  for (const [name, call] of Object.entries(calls)) {
    const result = await call(host).catch((error: unknown) => {
      throw new Error(`${name} failed: ${String(error)}`, { cause: error })
    })
    expect(structuredClone(result), name).toEqual(result)
  }
  expect(steps).toContainEqual({ sent: 2, done: 2 })
  expect(steps).toEqual(expect.arrayContaining(['restoring', 'stopped']))
})

it('brings the errors of a local host with their code and params', async () => {
  await using at = await createTestHost()
  const host = createWireHost(at.host)
  const fails: readonly (readonly [HostErrorCode, () => Promise<unknown>])[] = [
    ['daemon_unavailable', () => reloadAll(host)],
    ['jail_unknown', () => host.jails.get('nothing')],
    ['jail_disabled', () => startJail(host, 'spare')],
    ['config_changed', () => host.config.apply('nothing')],
    ['invalid_argument', () => host.bans.ban('app', ['192.000.2.1'])],
  ]
  for (const [code, call] of fails)
    await expect(call(), code).rejects.toMatchObject({ name: 'HostError', code })
  await expect(host.jails.get('nothing')).rejects.toThrow('no jail named nothing')
})

/** A host of which a test sets what it needs. */
const hostWith = (verbs: object): Fail2banHost => createWireHost(verbs as Fail2banHost)

it('refuses what JSON would change', async () => {
  for (const [value, problem] of [
    [new Map(), 'no plain JSON'],
    [{ rows: [Buffer.from('x')] }, 'no plain JSON'],
    [{ at: Number.NaN }, 'no plain JSON'],
    [[undefined], 'is undefined'],
    [{ since: new Date(0) }, 'no plain JSON'],
    [() => undefined, 'no plain JSON'],
  ] as const)
    await expect(hostWith({ logs: { read: async () => value } }).logs.read()).rejects.toThrow(problem)
  const host = hostWith({ jails: { get: async () => ({}) } })
  await expect(async () => host.jails.get(new Date(0) as never)).rejects.toThrow('argument 1 of jails.get')
})

it('ends what a signal stops, and rejects with the reason of the caller', async () => {
  const far = new Set<(event: ConnectionEvent) => void>()
  const host = hostWith({
    daemon: {
      connectionEvents: (options: object) =>
        eventsOf<ConnectionEvent>((listener) => {
          far.add(listener)
          return () => void far.delete(listener)
        }, options),
    },
    history: {
      recordedSince: ({ signal: given }: { readonly signal: AbortSignal }) =>
        new Promise((_, reject) => given.addEventListener('abort', () => reject(given.reason as Error))),
    },
  })
  const abort = new AbortController()
  const event = first(host.daemon.connectionEvents({ signal: abort.signal }))
  const since = host.history.recordedSince({ signal: abort.signal })
  expect(far.size).toBe(1)
  abort.abort(new Error('left'))
  expect(await event).toBeUndefined()
  await expect(since).rejects.toThrow('left')
  expect(far.size).toBe(0)
})

it('makes an error of the host that is none of its codes internal, after the steps before', async () => {
  const seen: string[] = []
  const host = hostWith({
    daemon: {
      restart: () =>
        stepsOf<string, never>(async (emit) => {
          emit('stopped')
          throw new TypeError('a bug')
        }),
    },
  })
  const failing = resultOf(host.daemon.restart(), (step) => seen.push(step))
  await expect(failing).rejects.toEqual(new HostError('internal', { message: 'a bug' }))
  expect(seen).toEqual(['stopped'])
})

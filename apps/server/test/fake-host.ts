import { eventsOf, stepsOf } from '@bangui/async'
import type {
  ChangeInput,
  ConnectionEvent,
  Fail2banHost,
  ProbeAnswer,
  ProbeFailure,
  ProbeOutcome,
  PreparedChange,
} from '@bangui/fail2ban'
import type { Jail, OfflineReason } from '@bangui/shared'

/** A daemon that answers. */
export const answer = (over: Partial<ProbeAnswer> = {}): ProbeAnswer => ({
  ok: true,
  version: '1.0.2',
  jails: ['sshd'],
  currentlyBanned: 1,
  totalBanned: 2,
  currentlyFailed: 3,
  totalFailed: 4,
  instance: { id: 'first', pid: null },
  ...over,
})

/** A daemon that does not. */
export const failure = (reason: OfflineReason, connected = false): ProbeFailure => ({
  ok: false,
  reason,
  connected,
  message: `fail2ban: ${reason}`,
})

/** A jail as the list has it. */
export const jail = (name: string, over: Partial<Jail> = {}): Jail => ({
  name,
  enabled: true,
  running: true,
  backend: 'polling',
  currentlyBanned: 0,
  totalBanned: 0,
  currentlyFailed: 0,
  totalFailed: 0,
  filter: name,
  logPaths: [],
  bantime: 600,
  findtime: 600,
  maxretry: 5,
  problem: null,
  ...over,
})

/** A change that a host has staged: it enables the jail `web`. */
export const staged = (over: Partial<PreparedChange> = {}): PreparedChange => ({
  changeId: 'c1',
  files: [],
  load: [{ jail: 'web', how: 'start' }],
  runtime: [],
  expect: { before: ['sshd'], running: ['web'], stopped: [] },
  diff: [],
  messages: [],
  risks: [],
  ...over,
})

/** A change without files that a host has staged. */
export const stagedLoad = ({ load }: Pick<ChangeInput, 'load'>, over: Partial<PreparedChange> = {}) =>
  staged({
    ...(load && { load: 'all' in load ? load : [load] }),
    expect: { before: ['sshd', 'web'], running: [], stopped: [] },
    ...over,
  })

/** A host whose daemon does what a test says. Verbs that a test does not set reject. */
export interface FakeHost extends Fail2banHost {
  outcome: ProbeOutcome | (() => Promise<ProbeOutcome>)
  /** what `jails.list` returns */
  listed: Jail[]
  readonly probes: number
  readonly listings: number
  signal(kind: ConnectionEvent): void
}

/** The verbs that a test sets, by subject. */
export type FakeVerbs = {
  [TGroup in Exclude<keyof Fail2banHost, 'close'>]?: Partial<Fail2banHost[TGroup]>
}

/** Creates a {@link FakeHost}; `verbs` gives it more to do. */
export function createFakeHost(verbs: FakeVerbs = {}): FakeHost {
  const listeners = new Set<(kind: ConnectionEvent) => void>()
  let probes = 0
  let listings = 0
  const host: FakeHost = {
    outcome: answer(),
    listed: [jail('sshd')],
    get probes() {
      return probes
    },
    get listings() {
      return listings
    },
    signal: (kind) => {
      for (const listener of listeners) listener(kind)
    },
    daemon: rejectingUnset({
      info: async () => ({
        socketPath: '/run/fail2ban.sock',
        startCommand: ['fail2ban-client', 'start'],
        uid: 0,
        addresses: ['45.99.0.1'],
      }),
      probe: async () => {
        probes += 1
        return typeof host.outcome === 'function' ? host.outcome() : host.outcome
      },
      connectionEvents: (options) =>
        eventsOf<ConnectionEvent>((listener) => {
          listeners.add(listener)
          return () => void listeners.delete(listener)
        }, options),
      whenBansRestored: async () => undefined,
      ...verbs.daemon,
    }),
    jails: rejectingUnset({
      list: async () => {
        listings += 1
        return host.listed
      },
      listBantimes: async () => [],
      ...verbs.jails,
    }),
    bans: rejectingUnset({ ...verbs.bans }),
    ignores: rejectingUnset({
      listRunning: async () => [],
      listConfigured: async () => ({
        copy: null,
        sections: [{ section: 'DEFAULT', entries: [] }],
        jails: [],
      }),
      resolve: async () => [],
      set: async () => [],
      ...verbs.ignores,
    }),
    history: rejectingUnset({ recordedSince: async () => 0, ...verbs.history }),
    events: { follow: async function* () {}, ...verbs.events },
    config: rejectingUnset({
      listNotices: async () => [],
      listParts: async () => ({ jails: [], filters: [], actions: [] }),
      listFiles: async () => ({ configDir: '/etc/fail2ban', files: [], isCut: false }),
      readFile: async () => null,
      listSettings: async () => [],
      listInterrupted: async () => [],
      settleInterrupted: async () => [],
      findUnconfirmed: async () => null,
      noteOutsideChanges: async () => [],
      changeSteps: async function* () {},
      readOwnFiles: async function* () {},
      cancelLoad: async () => false,
      ...verbs.config,
    }),
    logs: rejectingUnset({ ...verbs.logs }),
    health: rejectingUnset({
      run: async function* () {},
      compareBans: async () => [],
      ...verbs.health,
    }),
    close: async () => undefined,
  }
  return host
}

const inSteps: readonly PropertyKey[] = ['ban', 'unban', 'restart', 'rollback']

/** Returns verbs that a test can set later; those that nobody has set reject. */
const rejectingUnset = <TVerbs extends object>(verbs: Partial<TVerbs>): TVerbs =>
  new Proxy(verbs as TVerbs, {
    get(target, verb, receiver): unknown {
      const reject = () => Promise.reject(new Error(`the fake host has no ${String(verb)}`))
      const unset = inSteps.includes(verb) ? () => stepsOf(reject) : reject
      return (Reflect.get(target, verb, receiver) as unknown) ?? unset
    },
  })

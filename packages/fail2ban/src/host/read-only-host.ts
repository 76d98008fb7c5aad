import { ReadOnlyError } from '../errors.ts'
import type { Fail2banHost } from '../host.ts'

type Effect = 'reads' | 'changes' | 'changes in steps'

type VerbGroup = Exclude<keyof Fail2banHost, 'close'>

/** Whether each verb of a host reads or changes fail2ban, its files or its bans. */
export const verbEffects = {
  daemon: {
    info: 'reads',
    probe: 'reads',
    connectionEvents: 'reads',
    whenBansRestored: 'reads',
    start: 'changes',
    stop: 'changes',
    restart: 'changes in steps',
  },
  jails: {
    list: 'reads',
    get: 'reads',
    listBantimes: 'reads',
    getTuning: 'reads',
    getFilter: 'reads',
    getIgnoreList: 'reads',
    listIgnored: 'reads',
    setIdle: 'changes',
    tune: 'changes',
  },
  bans: { list: 'reads', count: 'reads', ban: 'changes', unban: 'changes in steps' },
  ignores: { listRunning: 'reads', listConfigured: 'reads', resolve: 'reads', set: 'changes' },
  history: {
    readBans: 'reads',
    readActiveBans: 'reads',
    list: 'reads',
    count: 'reads',
    recordedSince: 'reads',
    databaseStatus: 'reads',
  },
  events: { follow: 'reads' },
  config: {
    listNotices: 'reads',
    listParts: 'reads',
    listFiles: 'reads',
    readFile: 'reads',
    readOwnFiles: 'reads',
    listUpgradeFiles: 'reads',
    listSettings: 'reads',
    listFilterModes: 'reads',
    findServices: 'reads',
    checkLogs: 'reads',
    testRegex: 'reads',
    runFilterTests: 'reads',
    compareDraft: 'reads',
    listDraftedSettings: 'reads',
    noteOutsideChanges: 'reads',
    readChange: 'reads',
    compareRevert: 'reads',
    preview: 'reads',
    stage: 'changes',
    apply: 'changes',
    changeSteps: 'reads',
    confirm: 'changes',
    findUnconfirmed: 'reads',
    rollback: 'changes in steps',
    settleInterrupted: 'changes',
    listInterrupted: 'reads',
    forget: 'changes',
    // nothing loads where nothing is changed
    cancelLoad: 'reads',
  },
  logs: { read: 'reads', list: 'reads', tail: 'reads', follow: 'reads' },
  health: { run: 'reads', compareBans: 'reads', proveBan: 'changes' },
} as const satisfies { [TGroup in VerbGroup]: Record<keyof Fail2banHost[TGroup], Effect> }

const refuse = () => Promise.reject(new ReadOnlyError())

// oxlint-disable-next-line require-yield -- it only rejects
async function* refuseSteps(): AsyncGenerator<never> {
  throw new ReadOnlyError()
}

/** Returns a host that is only looked at: every verb that changes something is refused with {@link ReadOnlyError}. */
export function createReadOnlyHost(host: Fail2banHost): Fail2banHost {
  return {
    daemon: withoutChanges(host, 'daemon'),
    jails: withoutChanges(host, 'jails'),
    bans: withoutChanges(host, 'bans'),
    ignores: withoutChanges(host, 'ignores'),
    history: withoutChanges(host, 'history'),
    events: withoutChanges(host, 'events'),
    config: {
      ...withoutChanges(host, 'config'),
      preview: async (input) => ({ ...(await host.config.preview(input)), readOnly: true }),
    },
    logs: withoutChanges(host, 'logs'),
    health: withoutChanges(host, 'health'),
    close: () => host.close(),
  }
}

function withoutChanges<TGroup extends VerbGroup>(host: Fail2banHost, group: TGroup): Fail2banHost[TGroup] {
  const refused = Object.entries<Effect>(verbEffects[group])
    .filter(([, effect]) => effect !== 'reads')
    .map(([verb, effect]) => [verb, effect === 'changes' ? refuse : refuseSteps])
  return { ...host[group], ...Object.fromEntries(refused) }
}

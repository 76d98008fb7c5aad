import { withTimeout, type AbortOptions } from '@bangui/async'
import type { LocalHostContext } from '../host/local-host-context.ts'
import { collectClientVersion } from './collect/collect-client-version.ts'
import { collectConfig } from './collect/collect-config.ts'
import { collectDaemon, collectDaemonValues } from './collect/collect-daemon.ts'
import { collectActions, collectBans, collectJails } from './collect/collect-jails.ts'
import { collectJailOptions } from './collect/collect-jail-options.ts'
import { collectFirewall } from './collect/collect-firewall.ts'
import { collectAccess, collectView } from './collect/collect-access.ts'
import { collectJournal } from './collect/collect-journal.ts'
import { collectLogGrowth } from './collect/collect-log-growth.ts'
import { collectMatchingLogs } from './collect/collect-matching-logs.ts'
import { collectFilterTests } from './collect/collect-filter-tests.ts'
import { collectSamples } from './collect/collect-samples.ts'
import { collectServiceLogs } from './collect/collect-service-logs.ts'
import { collectListeners } from './collect/collect-listeners.ts'
import { collectNetwork } from './collect/collect-network.ts'
import { collectProcesses } from './collect/collect-processes.ts'
import { collectSystem } from './collect/collect-system.ts'
import { collectTools } from './collect/collect-tools.ts'
import { collectLogFiles, collectLogTarget } from './collect/collect-log-files.ts'
import { collectOwnLog } from './collect/collect-own-log.ts'
import { collectProcess } from './collect/collect-process.ts'
import { collectUnreadFiles } from './collect/collect-unread-files.ts'
import { UnseenError, type Collecting, type Collector } from './collect/collector.ts'
import type { HealthMemory } from './health-memory.ts'
import type { Observation, ObservationPart } from './observation.ts'
import type { Observed } from './observed.ts'
import type { Observer } from './run-checks.ts'

const collectors: { readonly [TPart in ObservationPart]: Collector<TPart> } = {
  daemon: collectDaemon,
  process: collectProcess,
  daemonValues: collectDaemonValues,
  jails: collectJails,
  actions: collectActions,
  jailOptions: collectJailOptions,
  bans: collectBans,
  config: collectConfig,
  ownLog: collectOwnLog,
  unreadFiles: collectUnreadFiles,
  logFiles: collectLogFiles,
  logTarget: collectLogTarget,
  clientVersion: collectClientVersion,
  logGrowth: collectLogGrowth,
  matchingLogs: collectMatchingLogs,
  serviceLogs: collectServiceLogs,
  journal: collectJournal,
  samples: collectSamples,
  filterTests: collectFilterTests,
  access: collectAccess,
  view: collectView,
  firewall: collectFirewall,
  tools: collectTools,
  listeners: collectListeners,
  processes: collectProcesses,
  network: collectNetwork,
  system: collectSystem,
}

/** How long one collector may take. The tools that some of them run have shorter deadlines of their own. */
const COLLECT_TIMEOUT_MS = 20_000

/** How long after a start or a load nothing is reported. */
const SETTLING_MS = 60_000

/** Without `testRegex`, no lines are tested; without `filterTests`, no samples of filters. */
type ObserverOptions = Partial<Pick<Collecting, 'testRegex' | 'filterTests'>> & AbortOptions

/** Creates the observer of one run: it looks at each part when a check needs it, once. */
export function createObserver(
  context: LocalHostContext,
  memory: HealthMemory,
  { testRegex, filterTests = [], signal }: ObserverOptions = {},
): Observer {
  const now = context.clock()
  const seen: { [TPart in ObservationPart]?: Promise<Observed<Observation[TPart]>> } = {}
  const observe = <TPart extends ObservationPart>(part: TPart): Promise<Observed<Observation[TPart]>> => {
    const known = seen[part]
    if (known) return known
    const looking = observed((either) => collectors[part](collecting, either), signal)
    Object.assign(seen, { [part]: looking })
    return looking
  }
  const collecting: Collecting = {
    context,
    memory,
    now,
    testRegex,
    filterTests,
    async get(part) {
      const found = await observe(part)
      if ('value' in found) return found.value
      throw new UnseenError(found.why)
    },
  }
  return { at: now, settling: () => isSettling(observe, now), observe }
}

async function observed<TValue>(
  collect: (signal: AbortSignal) => Promise<TValue>,
  signal: AbortSignal | undefined,
): Promise<Observed<TValue>> {
  try {
    return { value: await withTimeout(collect, { milliseconds: COLLECT_TIMEOUT_MS, signal }) }
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError')
      return { why: `Collecting the data took longer than ${COLLECT_TIMEOUT_MS / 1000} s.` }
    return { why: error instanceof Error ? error.message : String(error) }
  }
}

/** Returns whether fail2ban was started, or has loaded something, a moment ago. */
async function isSettling(observe: Observer['observe'], now: number): Promise<boolean> {
  const daemon = await observe('daemon')
  // a daemon that is down has nothing to settle
  if (!('value' in daemon) || daemon.value.state === 'down') return false
  const [process, log] = [await observe('process'), await observe('ownLog')]
  const startedAt = 'value' in process ? process.value.startedAt : 0
  const loadedAt = 'value' in log ? (log.value.loadedAt ?? 0) : 0
  return now - Math.max(startedAt, loadedAt) < SETTLING_MS
}

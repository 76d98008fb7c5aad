import { addStateDays, listStateDays, type StateDayRow } from '@bangui/db'
import { DAY_MS, type Jail, STATE_DAYS, type StateHistory } from '@bangui/shared'
import type { HostDeps, ScopeDeps } from '../../deps.ts'

type StatesDeps = Pick<ScopeDeps, 'database' | 'scope' | 'isAll' | 'clock'>

/** Returns how long fail2ban and each jail were up on each of the last days. */
export async function listStates({
  database,
  scope,
  isAll,
  clock,
}: StatesDeps): Promise<readonly StateHistory[]> {
  const from = startOfDay(clock()) - (STATE_DAYS - 1) * DAY_MS
  const ofHosts = await Promise.all(
    scope.map(async ({ id, key }) => {
      const rows = await listStateDays(database.db, id, from)
      return [...Map.groupBy(rows, ({ jail }) => jail)].map(([jail, days]) => ({
        ...(isAll && { host: key }),
        jail: jail === '' ? null : jail,
        days: days.map(({ jail: _jail, ...day }) => day),
      }))
    }),
  )
  return ofHosts.flat()
}

const startOfDay = (time: number): number => Math.floor(time / DAY_MS) * DAY_MS

type SampledState = 'up' | 'down' | 'idle'

/** What was seen of a host at one moment. */
interface Sample {
  readonly at: number
  readonly daemon: string
  /** by jail; empty: fail2ban itself */
  readonly states: ReadonlyMap<string, SampledState>
}

/** A longer gap was not observed: BanGUI did not run, or the machine slept. */
const MAX_GAP_MS = 150_000

type SamplerDeps = Pick<HostDeps, 'id' | 'state' | 'jails' | 'database' | 'clock'>

/** Returns a function that adds to the days of a host what has passed since its last call, in the state of that call. */
export function createStateSampler(deps: SamplerDeps): () => Promise<void> {
  let last: Sample | undefined
  return async () => {
    const sample = takeSample(deps)
    const before = last
    last = sample
    if (!before || !sample) return
    const passed = sample.at - before.at
    if (passed <= 0 || passed > MAX_GAP_MS) return
    await addStateDays(deps.database.db, deps.id, rowsOf(before, sample))
  }
}

function rowsOf(before: Sample, after: Sample): StateDayRow[] {
  const seconds = Math.round((after.at - before.at) / 1_000)
  const day = startOfDay(before.at)
  return [...before.states].map(([jail, state]) => {
    const next = after.states.get(jail)
    const isChanged = jail === '' ? before.daemon !== after.daemon : next !== undefined && next !== state
    return {
      jail,
      day,
      upSeconds: state === 'up' ? seconds : 0,
      downSeconds: state === 'down' ? seconds : 0,
      idleSeconds: state === 'idle' ? seconds : 0,
      changes: isChanged ? 1 : 0,
    }
  })
}

/** Undefined: it is not known whether fail2ban runs. */
function takeSample({ state, jails, clock }: SamplerDeps): Sample | undefined {
  const { serverStatus, onlineSince, daemonInstance } = state.get()
  if (serverStatus.checkedAt === null) return undefined
  const { online } = serverStatus
  const listed = (jails.store.get() ?? []).filter((jail) => jail.enabled || jail.running)
  return {
    at: clock(),
    daemon: online ? `${daemonInstance?.id ?? onlineSince}` : '',
    states: new Map([
      ['', online ? 'up' : 'down'],
      ...listed.map((jail) => [jail.name, stateOf(jail, online)] as const),
    ]),
  }
}

function stateOf(jail: Jail, online: boolean): SampledState {
  // one that waits for its log is as its configuration wants it
  if (!online || (!jail.running && !jail.waitsForLog)) return 'down'
  return jail.idle || !jail.running ? 'idle' : 'up'
}

import { stat } from 'node:fs/promises'
import { singleFlight, sleep } from '@bangui/async'
import { capabilitiesOf } from '../capabilities.ts'
import { isUnknownJail, listRunningJails, readJailCounts, readVersion } from '../commands.ts'
import { Fail2banUnavailableError } from '../errors.ts'
import { readDaemonInstance } from '../daemon-instance.ts'
import { deadlines, type LocalHostContext } from './local-host-context.ts'
import { waitUntil } from './daemon.ts'
import { pidfileOf } from './pidfile.ts'

/** Between two counts of a daemon that restores its bans: it bans them one by one. */
const COUNT_INTERVAL_MS = 1_000
/** A daemon that has listened for longer has its bans: what it bans from then on are attackers. */
const RESTORE_TIMEOUT_MS = 60_000
/** Counts without a change until a daemon has its bans: one that was seen to start may pause between two bans. */
const UNCHANGED_COUNTS = { first: 1, restarted: 3 } as const
/** Counts without a jail until the daemon counts as having none: it listens a moment before it has its jails. */
const COUNTS_WITHOUT_JAIL = 4

/** A daemon that starts adds its jails and bans one by one: what is missing meanwhile has not ended. */
export interface BansRestored {
  /** the id of the daemon instance that is known to have all its bans; null: none yet */
  readonly instanceId: string | null
  /** Returns whether the daemon that runs is this instance, which has all its bans; false for null. */
  isInstance(id: string | null): Promise<boolean>
  /**
   * Runs work when the daemon has all its bans, and returns the result if the same instance runs at the end. Waits
   * `offlineMs` milliseconds for a daemon that is offline (by default not at all).
   * @throws Fail2banUnavailableError
   */
  whenRestored<TResult>(work: () => Promise<TResult>, offlineMs?: number): Promise<TResult>
}

type Context = Pick<LocalHostContext, 'connection' | 'socketPath' | 'configDir'>

/** Creates {@link BansRestored}. Each instance of the daemon is waited for once, when its bans are first needed. */
export function createBansRestored(
  context: Context,
  intervalMs: number = COUNT_INTERVAL_MS,
  timeoutMs: number = RESTORE_TIMEOUT_MS,
): BansRestored {
  let instanceId: string | null = null
  let pidfile: Promise<string | undefined> | undefined
  const readInstanceId = async () => {
    pidfile ??= pidfileOf(context.configDir).catch(() => undefined)
    return (await readDaemonInstance(context.socketPath, await pidfile)).id
  }
  const waitForBans = singleFlight(async () => {
    const now = await readInstanceId()
    if (instanceId === now) return instanceId
    if ((await ageOf(context.socketPath)) > timeoutMs) {
      instanceId = now
      return instanceId
    }
    const unchanged = instanceId === null ? UNCHANGED_COUNTS.first : UNCHANGED_COUNTS.restarted
    const read = () => readRestoring(context, readInstanceId)
    instanceId = await waitUntilUnchanged(read, { intervalMs, timeoutMs, unchanged })
    return instanceId
  })
  const isInstance = async (id: string | null) => id !== null && id === (await readInstanceId())

  return {
    get instanceId() {
      return instanceId
    },
    isInstance,
    async whenRestored<TResult>(work: () => Promise<TResult>, offlineMs = 0) {
      let found: { readonly result: TResult } | undefined
      let failure: unknown
      const attempt = async () => {
        let id: string | null = null
        try {
          id = await waitForBans()
          const result = await work()
          if (!(await isInstance(id))) throw restarted()
          found = { result }
          return true
        } catch (error) {
          failure = isUnknownJail(error) && !(await isInstance(id)) ? restarted() : error
          if (failure instanceof Fail2banUnavailableError) return false
          throw error
        }
      }
      await waitUntil(attempt, offlineMs)
      if (found === undefined) throw failure
      return found.result
    },
  }
}

const restarted = () => new Fail2banUnavailableError('refused', 'fail2ban was restarted in the meantime.')

/** The values that change while a daemon restores its bans. */
interface Restoring {
  readonly instanceId: string
  readonly banned: string
  readonly hasJails: boolean
}

async function readRestoring(
  { connection }: Context,
  readInstanceId: () => Promise<string>,
): Promise<Restoring> {
  const instanceId = await readInstanceId()
  const [version, jails] = await Promise.all([
    readVersion(connection, deadlines.read),
    listRunningJails(connection, deadlines.read),
  ])
  const options = { capabilities: capabilitiesOf(version), deadline: deadlines.read }
  const counts = await readJailCounts(connection, jails, options)
  // unlike the bans in force these only grow, whatever ends meanwhile
  const totals = [...counts].map(([name, { totalBanned }]) => [name, totalBanned])
  return { instanceId, banned: JSON.stringify(totals), hasJails: jails.length > 0 }
}

interface WaitOptions {
  readonly intervalMs: number
  readonly timeoutMs: number
  /** readings without a change until the daemon has all its bans */
  readonly unchanged: number
}

/** Returns the id of the instance, when nothing has changed for some readings, or when the time is over. */
async function waitUntilUnchanged(
  read: () => Promise<Restoring>,
  { intervalMs, timeoutMs, unchanged: wanted }: WaitOptions,
): Promise<string> {
  const end = performance.now() + timeoutMs
  let before = await read()
  for (let unchanged = 0; ;) {
    await sleep(intervalMs)
    const now = await read()
    const isSame = now.instanceId === before.instanceId && now.banned === before.banned
    unchanged = isSame ? unchanged + 1 : 0
    const isOver = performance.now() > end
    if (isOver || unchanged >= (now.hasJails ? wanted : COUNTS_WITHOUT_JAIL)) return now.instanceId
    before = now
  }
}

/** Returns for how many milliseconds the daemon has been listening; 0 where that is not known. */
const ageOf = (socketPath: string): Promise<number> =>
  stat(socketPath).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  )

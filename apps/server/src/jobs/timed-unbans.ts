import { pacedChunks, resultOf } from '@bangui/async'
import { deleteTimers, listDueTimers, type Timer } from '@bangui/db'
import { isHostError } from '@bangui/fail2ban'
import { counted, DAY_MS, isByBangui, keyRangeOf, parseAddress, type Ban } from '@bangui/shared'
import type { HostDeps } from '../deps.ts'
import { afterBansChanged } from '../features/bans/ban-task.ts'
import { findBanned } from '../features/bans/bans.service.ts'
import { DONE, type Outcome } from '../features/operations/operation.ts'
import type { JobDefinition } from './scheduler.ts'
import { createTimerOperation, type TimerOperation } from './timer-operation.ts'

type UnbanDeps = Pick<
  HostDeps,
  | 'host'
  | 'archive'
  | 'hostDb'
  | 'monitor'
  | 'state'
  | 'reconcile'
  | 'clock'
  | 'log'
  | 'operations'
  | 'id'
  | 'key'
>

/** How many timers one run reads, and how many bans it ends at once. */
const MAX_TIMERS = 20_000
const TIMERS_PER_CHUNK = 500

/** How far the beginning of a ban may lie from its request: fail2ban counts whole seconds. */
const MAX_EARLY_MS = 2_000
const MAX_LATE_MS = 10 * 60_000

/** How long a timer waits for a jail that does not run. */
const MAX_WAIT_MS = 30 * DAY_MS

/** Ends the bans whose timer is due. Timers wait while the daemon is offline, and while BanGUI is read-only. */
export function timedUnbans(deps: UnbanDeps): JobDefinition {
  const operation = createTimerOperation(deps)
  return {
    name: 'timed_unbans',
    everySeconds: 5,
    deadline: 30_000,
    run: async (signal) => {
      const { serverStatus, watching, readOnly } = deps.state.get()
      if (readOnly) return
      if (!serverStatus.online || !serverStatus.responding) return
      // the log shows first whose ban it is now
      if (watching.events.state === 'catching_up') return
      if (await endDue(deps, operation, signal)) await afterBansChanged(deps)
    },
  }
}

/** Tells whether anything was due. */
async function endDue(deps: UnbanDeps, operation: TimerOperation, signal: AbortSignal): Promise<boolean> {
  const due = await listArmed(deps)
  if (due.length === 0) return false
  const running = new Map(await deps.host.bans.count())
  const ours: DueUnban[] = []
  for (const [jail, unbans] of Map.groupBy(due, (unban) => unban.jail)) {
    if (signal.aborted) return true
    if (running.has(jail)) ours.push(...(await withoutOthers(deps, jail, unbans)))
    // its bans come back when it starts
    else await deleteOld(deps, unbans)
  }
  if (ours.length > 0)
    await operation.run({ bans: ours, askedBy: await findAskers(deps, ours) }, (progress) =>
      endAll(deps, { unbans: ours, signal, progress }),
    )
  return true
}

interface DueUnbans {
  readonly unbans: readonly DueUnban[]
  readonly signal: AbortSignal
  readonly progress: (done: number) => void
}

async function endAll(deps: UnbanDeps, { unbans, signal, progress }: DueUnbans): Promise<Outcome> {
  let done = 0
  for (const [jail, ofJail] of Map.groupBy(unbans, (unban) => unban.jail))
    for await (const chunk of pacedChunks(ofJail, TIMERS_PER_CHUNK)) {
      if (signal.aborted) break
      const reached = await endInJail(deps, { jail, unbans: chunk, signal })
      done += reached
      progress(done)
      if (reached < chunk.length) break
    }
  const left = unbans.length - done
  if (left === 0) return DONE
  const message = `${counted(left, 'ban')} could not be ended yet.`
  return { state: done === 0 ? 'failed' : 'partly', message }
}

/** Returns the names of the users who asked for these ends. */
async function findAskers({ operations }: UnbanDeps, unbans: readonly DueUnban[]): Promise<string[]> {
  const ids = new Set(unbans.map(({ operation }) => operation))
  const actors = await operations.records.listActors([...ids])
  const names = unbans.map(({ operation, ban }) =>
    // who continued a ban is the author of what was banned then
    ban?.operation === operation && ban.by.kind === 'user' ? ban.by.name : actors.get(operation)?.name,
  )
  return [...new Set(names)].filter((name) => typeof name === 'string')
}

/** Returns the due timers of bans that were made. Where that is not known yet, the daemon is asked first. */
async function listArmed(deps: UnbanDeps): Promise<Timer[]> {
  const list = () => listDueTimers(deps.hostDb, deps.clock(), MAX_TIMERS)
  const isPending = ({ state }: Timer) => state === 'pending'
  const due = await list()
  if (!due.some(isPending)) return due
  await deps.reconcile()
  return (await list()).filter((timer) => !isPending(timer))
}

/** A timer that is due, with the ban that it is for; undefined: BanGUI does not know that ban. */
interface DueUnban extends Timer {
  readonly ban: Ban | undefined
}

interface DueInJail {
  readonly jail: string
  readonly unbans: readonly DueUnban[]
  readonly signal: AbortSignal
}

/** Returns how many bans were ended, were over already, or are somebody else's by now. */
async function endInJail(deps: UnbanDeps, { jail, unbans: due, signal }: DueInJail): Promise<number> {
  const { host, monitor, hostDb, log } = deps
  // a long list takes its time, and somebody may have asked for another end meanwhile
  const unbans = await withoutOthers(deps, jail, due)
  const others = due.length - unbans.length
  if (unbans.length === 0) return others
  const addresses = unbans.map(({ address }) => address)
  try {
    const ended = await monitor.withActivity('banning', () =>
      resultOf(host.bans.unban(jail, addresses, { signal, exactly: true })),
    )
    // networks come last, and where one was not reached all are done again
    if (ended.done === unbans.length) await deleteTimers(hostDb, unbans)
    const { unbanned } = ended
    if (unbanned > 0)
      log.info({ event: 'timed_unbans', jail, unbanned }, 'bans with a custom duration were ended')
    return others + ended.done
  } catch (error) {
    // it was stopped meanwhile
    if (isHostError(error, 'jail_unknown')) return others
    throw error
  }
}

/** Forgets timers that have waited for their jail for too long. */
const deleteOld = ({ hostDb, clock }: UnbanDeps, unbans: readonly Timer[]): Promise<void> =>
  deleteTimers(
    hostDb,
    unbans.filter(({ endsAt }) => clock() - endsAt > MAX_WAIT_MS),
  )

/** Returns the timers with their bans, and forgets those whose ban is over and another's now. */
async function withoutOthers(deps: UnbanDeps, jail: string, unbans: readonly Timer[]): Promise<DueUnban[]> {
  const banned = await findBanned(
    deps,
    jail,
    unbans.map(({ address }) => address),
  )
  const [ours, others] = [[] as DueUnban[], [] as Timer[]]
  for (const unban of unbans) {
    const ban = banned.get(unban.address)
    if (await isMeant(deps, unban, ban)) ours.push({ ...unban, ban })
    else others.push(unban)
  }
  await deleteTimers(deps.hostDb, others)
  return ours
}

/** Returns whether a timer is for this ban: a ban that fail2ban made itself before or since is another one. */
async function isMeant(deps: UnbanDeps, { setAt, operation }: Timer, ban: Ban | undefined): Promise<boolean> {
  if (!ban || isByBangui(ban.by)) return true
  // somebody has given it this end
  if (ban.endOperation === operation) return true
  // caused by failures at the time of the request; a restored ban keeps its failures
  if ((ban.attempts ?? 0) > 0 && ban.restoredAt === undefined) return false
  const since = ban.restoredAt ?? ban.since
  if (since < setAt - MAX_EARLY_MS || since > setAt + MAX_LATE_MS) return false
  return !(await isBannedAgain(deps, ban, setAt - MAX_EARLY_MS))
}

/**
 * Returns whether there was another ban of the same address since then: somebody else ended the first. Their order is not
 * checked, as a ban of fail2ban has the time of a log line, which may be in whole seconds.
 */
async function isBannedAgain({ archive }: UnbanDeps, ban: Ban, from: number): Promise<boolean> {
  const address = parseAddress(ban.address)
  if (!address) return false
  const filter = { jail: ban.jail, addresses: keyRangeOf(address), from }
  const { rows } = await archive.listHistory({ filter, cursor: null, limit: 2 })
  return rows.some(({ id }) => id !== ban.id)
}

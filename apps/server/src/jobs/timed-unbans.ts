import { pacedChunks, resultOf } from '@bangui/async'
import { deleteTimers, listDueTimers, type Timer } from '@bangui/db'
import { isHostError } from '@bangui/fail2ban'
import { DAY_MS, isByBangui, keyRangeOf, parseAddress, type Ban } from '@bangui/shared'
import type { HostDeps } from '../deps.ts'
import { afterBansChanged } from '../features/bans/ban-task.ts'
import { findBanned } from '../features/bans/bans.service.ts'
import type { JobDefinition } from './scheduler.ts'

type UnbanDeps = Pick<
  HostDeps,
  'host' | 'archive' | 'hostDb' | 'monitor' | 'state' | 'reconcile' | 'clock' | 'log'
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
export const timedUnbans = (deps: UnbanDeps): JobDefinition => ({
  name: 'timed_unbans',
  everySeconds: 5,
  deadline: 30_000,
  run: async (signal) => {
    const { serverStatus, watching, readOnly } = deps.state.get()
    if (readOnly) return
    if (!serverStatus.online || !serverStatus.responding) return
    // the log shows first whose ban it is now
    if (watching.events.state === 'catching_up') return
    if (await endDue(deps, signal)) await afterBansChanged(deps)
  },
})

/** Tells whether anything was due. */
async function endDue(deps: UnbanDeps, signal: AbortSignal): Promise<boolean> {
  const due = await listArmed(deps)
  for (const [jail, unbans] of Map.groupBy(due, (unban) => unban.jail))
    for await (const chunk of pacedChunks(unbans, TIMERS_PER_CHUNK)) {
      if (signal.aborted) return true
      if (!(await endInJail(deps, { jail, unbans: chunk, signal }))) break
    }
  return due.length > 0
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

interface DueInJail {
  readonly jail: string
  readonly unbans: readonly Timer[]
  readonly signal: AbortSignal
}

/** False: the jail does not run, and its bans come back when it does. */
async function endInJail(deps: UnbanDeps, { jail, unbans, signal }: DueInJail): Promise<boolean> {
  const { host, monitor, clock, log } = deps
  const { hostDb } = deps
  const ours = await withoutOthers(deps, jail, unbans)
  if (ours.length === 0) return true
  const addresses = ours.map(({ address }) => address)
  try {
    const ended = await monitor.withActivity('banning', () =>
      resultOf(host.bans.unban(jail, addresses, { signal, exactly: true })),
    )
    // networks come last, and where one was not reached all are done again
    if (ended.done === ours.length) await deleteTimers(hostDb, ours)
    const { unbanned } = ended
    if (unbanned > 0)
      log.info({ event: 'timed_unbans', jail, unbanned }, 'bans with a custom duration were ended')
    return true
  } catch (error) {
    if (!isHostError(error, 'jail_unknown')) throw error
    const old = ours.filter(({ endsAt }) => clock() - endsAt > MAX_WAIT_MS)
    await deleteTimers(hostDb, old)
    return false
  }
}

/** Forgets those whose ban is over and another's now. */
async function withoutOthers(deps: UnbanDeps, jail: string, unbans: readonly Timer[]): Promise<Timer[]> {
  const banned = await findBanned(
    deps,
    jail,
    unbans.map(({ address }) => address),
  )
  const [ours, others] = [[] as Timer[], [] as Timer[]]
  for (const unban of unbans) {
    const isOurs = await isMeant(deps, unban, banned.get(unban.address))
    if (isOurs) ours.push(unban)
    else others.push(unban)
  }
  await deleteTimers(deps.hostDb, others)
  return ours
}

/** Returns whether a timer is for this ban: a ban that fail2ban made itself before or since is another one. */
async function isMeant(deps: UnbanDeps, { setAt }: Timer, ban: Ban | undefined): Promise<boolean> {
  if (!ban || isByBangui(ban.by)) return true
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

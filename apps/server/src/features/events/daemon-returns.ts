import { sleep } from '@bangui/async'
import { isHostError } from '@bangui/fail2ban'
import type { StoredEvent } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { rememberLost } from './lost-bans.ts'
import { reconcile, type ReconcileDeps } from './reconcile.ts'
import { noteCorrected } from './watching.ts'

/** The events that are searched for what an interrupted comparison found. */
const MAX_EVENTS = 50_000

/** How often a daemon that restores its bans is counted; after that, the bans are compared as they are. */
const MAX_COUNTS = 60

/** How often a comparison that failed is made; after that, bans that the daemon lost count as ended. */
const MAX_TRIES = 5

/**
 * Finds the bans that the daemon lost while it was offline: compares them when it is online again and has restored its
 * bans, also after a restart of BanGUI.
 */
export interface DaemonReturns {
  /** The daemon went offline. A comparison under way ends. */
  wentOffline(): void
  /** The daemon is online, or online again; `instanceId` says which run of it. */
  cameOnline(instanceId: string): void
  /** Returns true until the bans were compared with this instance; until then nobody else may take a missing ban for ended. */
  isPending(): boolean
  /** Resolves when no comparison is under way. */
  settled(): Promise<void>
}

export type ReturnsDeps = ReconcileDeps & Pick<HostDeps, 'comparison'>

export interface ReturnsOptions {
  /** milliseconds between two counts of the bans */
  readonly settling: number
  readonly importNew: () => Promise<unknown>
  /** ends it */
  readonly signal: AbortSignal
}

/** Creates {@link DaemonReturns}. Whether the daemon was offline while BanGUI did not run is not known at first. */
export function createDaemonReturns(deps: ReturnsDeps, options: ReturnsOptions): DaemonReturns {
  const { signal } = options
  let pending: AbortController | null = new AbortController()
  let wasOffline = false
  let running: Promise<void> = Promise.resolve()

  const compare = async (current: AbortController, { instanceId, isReturn }: Return) => {
    const either = AbortSignal.any([signal, current.signal])
    for (let tries = 1; tries <= MAX_TRIES && !either.aborted; tries += 1) {
      try {
        await compareBans(deps, { instanceId, isReturn }, { ...options, signal: either })
        break
      } catch (error) {
        if (either.aborted) break
        deps.log.warn(
          { event: 'reconcile_failed', tries, err: error },
          'the bans could not be compared after a restart',
        )
      }
    }
    if (pending === current) pending = null
  }

  return {
    wentOffline() {
      pending?.abort()
      pending = new AbortController()
      wasOffline = true
    },
    cameOnline(instanceId) {
      const current = (pending ??= new AbortController())
      const found = { instanceId, isReturn: wasOffline }
      running = running.then(() => compare(current, found))
    },
    isPending: () => pending !== null,
    settled: () => running,
  }
}

/** A daemon that is online. */
interface Return {
  readonly instanceId: string
  /** BanGUI saw the daemon go offline before */
  readonly isReturn: boolean
}

async function compareBans(
  deps: ReturnsDeps,
  { instanceId, isReturn }: Return,
  { settling, importNew, signal }: ReturnsOptions,
): Promise<void> {
  const { comparedDaemon: last } = await deps.comparison.load()
  await waitUntilRestored(deps, settling, signal)
  const { state } = deps.state.get().watching.events
  // without its log nobody knows what ended while BanGUI did not run
  const isOther = last !== null && last !== instanceId && state === 'following'
  const isLoss = isReturn || isOther
  const onCorrected = (events: readonly StoredEvent[]) => rememberLost(deps, events)
  await resumable(deps, async () => {
    await reconcile(deps, { reason: isLoss ? 'lost' : 'unknown', importNew, signal, onCorrected })
    if (!signal.aborted) await endStopped(deps, { isLoss })
  })
  if (!signal.aborted && last !== instanceId) await deps.comparison.save({ comparedDaemon: instanceId })
}

/** Ends the bans that the daemon had when it stopped and did not restore. */
async function endStopped(deps: ReturnsDeps, { isLoss }: { readonly isLoss: boolean }): Promise<void> {
  const now = deps.clock()
  const events = await deps.archive.endSuspended({ by: 'daemon', before: now, lostAt: isLoss ? now : null })
  if (events.length === 0) return
  deps.events.emit(events)
  await rememberLost(deps, events)
  await noteCorrected(deps)
}

/** Runs a comparison so that its lost bans are remembered even if BanGUI is interrupted: the next comparison looks them up. */
async function resumable(deps: ReturnsDeps, compare: () => Promise<void>): Promise<void> {
  const { archive, comparison } = deps
  const { begunAtSeq } = await comparison.load()
  if (begunAtSeq !== null)
    await rememberLost(deps, (await archive.listEventsAfter(begunAtSeq, MAX_EVENTS)) ?? [])
  await comparison.save({ begunAtSeq: await archive.lastSeq() })
  await compare()
  await comparison.save({ begunAtSeq: null })
}

/**
 * Resolves when all of the log is read, and the daemon, left alone, has as many bans as at the count before: it restores
 * them one by one.
 */
async function waitUntilRestored(
  { host, state }: Pick<ReconcileDeps, 'host' | 'state'>,
  settling: number,
  signal: AbortSignal,
): Promise<void> {
  let before: number | null = null
  for (let count = 0; count < MAX_COUNTS; count += 1) {
    await sleep(settling, { signal })
    const { serverStatus, watching } = state.get()
    const isBusy = serverStatus.activity !== null || watching.events.state === 'catching_up'
    const bans = isBusy ? null : await countBans(host)
    if (bans !== null && bans === before) return
    before = bans
  }
}

/** Returns how many bans the daemon has; null: it does not answer now. */
async function countBans(host: ReconcileDeps['host']): Promise<number | null> {
  try {
    return (await host.bans.count()).reduce((sum, [, count]) => sum + count, 0)
  } catch (error) {
    if (isHostError(error, 'daemon_unavailable')) return null
    throw error
  }
}

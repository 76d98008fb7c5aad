import { sleep } from '@bangui/async'
import { Fail2banUnavailableError } from '@bangui/fail2ban'
import type { StoredEvent } from '@bangui/shared'
import { rememberLost } from './lost-bans.ts'
import { parseSeq } from './parse-seq.ts'
import { reconcile, type ReconcileDeps } from './reconcile.ts'
import { noteCorrected } from './watching.ts'

/** Where the daemon's life is kept that the bans were compared with last: another one may have lost some. */
const LIFE_POSITION = 'daemon_life'

/** Where the place in the sequence is kept at which a comparison began that has not ended. */
const BEGUN_POSITION = 'comparison_begun'

/** The most events that are looked through for what a comparison found that was cut off. */
const MOST_EVENTS = 50_000

/** The most looks at a daemon that restores its bans; then these are compared as they are. */
const MOST_LOOKS = 60

/** How often a comparison that failed is made; after that, bans that the daemon lost count as ended. */
const MAX_TRIES = 5

/**
 * Finds what the daemon lost when it went: compared when it has come back and restored what it restores, also where
 * BanGUI was away itself.
 */
export interface DaemonReturns {
  /** The daemon has gone. What was under way for an earlier return ends. */
  went(): void
  /** It is there, or there again, with this identity. */
  cameBack(identity: string): void
  /** Its bans were not compared since it came: until then nobody else may take a missing ban for ended. */
  isPending(): boolean
  /** Waits for what is under way. */
  settled(): Promise<void>
}

export interface ReturnsOptions {
  /** milliseconds between two looks */
  readonly settling: number
  readonly importNew: () => Promise<unknown>
  /** ends it */
  readonly signal: AbortSignal
}

/** Makes {@link DaemonReturns}. Whether the daemon went while BanGUI was away is not known at first. */
export function createDaemonReturns(deps: ReconcileDeps, options: ReturnsOptions): DaemonReturns {
  const { signal } = options
  let pending: AbortController | null = new AbortController()
  let hasGone = false
  let running: Promise<void> = Promise.resolve()

  const compare = async (current: AbortController, { identity, isReturn }: Life) => {
    const either = AbortSignal.any([signal, current.signal])
    for (let tries = 1; tries <= MAX_TRIES && !either.aborted; tries += 1) {
      try {
        await compareBans(deps, { identity, isReturn }, { ...options, signal: either })
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
    went() {
      pending?.abort()
      pending = new AbortController()
      hasGone = true
    },
    cameBack(identity) {
      const current = (pending ??= new AbortController())
      const life = { identity, isReturn: hasGone }
      running = running.then(() => compare(current, life))
    },
    isPending: () => pending !== null,
    settled: () => running,
  }
}

interface Life {
  readonly identity: string
  /** BanGUI saw it go before */
  readonly isReturn: boolean
}

async function compareBans(
  deps: ReconcileDeps,
  { identity, isReturn }: Life,
  { settling, importNew, signal }: ReturnsOptions,
): Promise<void> {
  const last = await deps.archive.getPosition(LIFE_POSITION)
  await waitUntilRestored(deps, settling, signal)
  const { state } = deps.state.get().watching.events
  // without its log nobody knows what ended while BanGUI was away
  const isOther = last !== null && last !== identity && state === 'following'
  const isLoss = isReturn || isOther
  const onCorrected = (events: readonly StoredEvent[]) => rememberLost(deps, events)
  await finishing(deps, async () => {
    await reconcile(deps, { reason: isLoss ? 'lost' : 'gone', importNew, signal, onCorrected })
    if (!signal.aborted) await endStopped(deps, { isLoss })
  })
  if (!signal.aborted && last !== identity) await deps.archive.setPosition(LIFE_POSITION, identity)
}

/** Ends the bans that the daemon had when it stopped and has not restored. */
async function endStopped(deps: ReconcileDeps, { isLoss }: { readonly isLoss: boolean }): Promise<void> {
  const now = deps.clock()
  const events = await deps.archive.endSuspended({ by: 'daemon', before: now, lostAt: isLoss ? now : null })
  if (events.length === 0) return
  deps.events.emit(events)
  await rememberLost(deps, events)
  await noteCorrected(deps)
}

/** Remembers what was lost also where BanGUI is cut off after that was stored: the next comparison looks it up. */
async function finishing(deps: ReconcileDeps, compare: () => Promise<void>): Promise<void> {
  const { archive } = deps
  const cutOffAt = parseSeq(await archive.getPosition(BEGUN_POSITION))
  if (cutOffAt !== null)
    await rememberLost(deps, (await archive.listEventsAfter(cutOffAt, MOST_EVENTS)) ?? [])
  await archive.setPosition(BEGUN_POSITION, String(await archive.lastSeq()))
  await compare()
  await archive.setPosition(BEGUN_POSITION, '')
}

/** Until all of the log is read, and the daemon, left alone, has as many bans as before: it restores them one by one. */
async function waitUntilRestored(
  { host, state }: Pick<ReconcileDeps, 'host' | 'state'>,
  settling: number,
  signal: AbortSignal,
): Promise<void> {
  let before: number | null = null
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    await sleep(settling, { signal })
    const { serverStatus, watching } = state.get()
    const isBusy = serverStatus.activity !== null || watching.events.state === 'catching_up'
    const count = isBusy ? null : await countBans(host)
    if (count !== null && count === before) return
    before = count
  }
}

/** Null: it does not answer now. */
async function countBans(host: ReconcileDeps['host']): Promise<number | null> {
  try {
    return [...(await host.countJailBans()).values()].reduce((sum, count) => sum + count, 0)
  } catch (error) {
    if (error instanceof Fail2banUnavailableError) return null
    throw error
  }
}

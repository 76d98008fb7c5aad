import { setTimeout as sleep } from 'node:timers/promises'
import { Fail2banUnavailableError } from '@bangui/fail2ban'
import type { StoredEvent } from '@bangui/shared'
import { rememberLost } from './lost-bans.ts'
import { reconcile, type ReconcileDeps } from './reconcile.ts'

/** The most looks at a daemon that restores its bans; then these are compared as they are. */
const MOST_LOOKS = 60

/** Finds what the daemon lost when it went: compared when it has come back and restored what it restores. */
export interface DaemonReturns {
  /** The daemon has gone. What was under way for an earlier return ends. */
  went(): void
  /** It is there again. */
  cameBack(): void
  /** It went, and its bans were not compared since: until then nobody else may take a missing ban for ended. */
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

/** Makes {@link DaemonReturns}. */
export function createDaemonReturns(
  deps: ReconcileDeps,
  { settling, importNew, signal }: ReturnsOptions,
): DaemonReturns {
  let pending: AbortController | null = null
  let running: Promise<void> = Promise.resolve()

  const compare = async (current: AbortController) => {
    const either = AbortSignal.any([signal, current.signal])
    try {
      if (either.aborted) return
      await waitUntilRestored(deps, settling, either)
      const onCorrected = (events: readonly StoredEvent[]) => rememberLost(deps, events)
      await reconcile(deps, { reason: 'lost', importNew, signal: either, onCorrected })
    } catch (error) {
      if (!either.aborted)
        deps.log.warn(
          { event: 'reconcile_failed', err: error },
          'the bans could not be compared after a restart',
        )
    }
    if (pending === current) pending = null
  }

  return {
    went() {
      pending?.abort()
      pending = new AbortController()
    },
    cameBack() {
      const current = (pending ??= new AbortController())
      running = running.then(() => compare(current))
    },
    isPending: () => pending !== null,
    settled: () => running,
  }
}

/** Until the daemon, left alone, has as many bans as at the look before: it restores thousands one by one. */
async function waitUntilRestored(
  { host, state }: Pick<ReconcileDeps, 'host' | 'state'>,
  settling: number,
  signal: AbortSignal,
): Promise<void> {
  let before: number | null = null
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    await sleep(settling, undefined, { signal })
    const count = state.get().serverStatus.activity ? null : await countBans(host)
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

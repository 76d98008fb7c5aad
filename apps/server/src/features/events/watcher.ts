import { singleFlight } from '../../lib/single-flight.ts'
import { createDaemonReturns } from './daemon-returns.ts'
import { followDaemon } from './follow-daemon.ts'
import { createFutileCorrections } from './futile-corrections.ts'
import { importHistory } from './import-history.ts'
import { importSoon } from './import-soon.ts'
import { followLog, type IngestDeps } from './ingest.ts'
import { restoreLost } from './lost-bans.ts'
import { reconcile, type ReconcileDeps } from './reconcile.ts'

export type WatcherDeps = IngestDeps & ReconcileDeps

export interface WatcherOptions {
  /** milliseconds between two looks at a daemon that restores its bans @default 2000 */
  readonly settling?: number
}

/** Follows what fail2ban does, until it is stopped. */
export interface Watcher {
  start(): void
  /** Ends the following and waits for what is being stored. */
  stop(): Promise<void>
  /** Compares the bans in force with the daemon's now; calls that come while it runs share it. */
  reconcile(): Promise<void>
  /** Takes in what is new in fail2ban's own database now; calls that come while it runs share it. */
  importNew(): Promise<unknown>
}

/** Watches one daemon. Nothing happens before {@link Watcher.start}. */
export function createWatcher(deps: WatcherDeps, { settling = 2_000 }: WatcherOptions = {}): Watcher {
  const ending = new AbortController()
  const { signal } = ending
  const running: Promise<void>[] = []
  // one at a time: two would read the same rows, and the slower one put the place back
  const importNew = singleFlight(() => importHistory(deps, signal))
  const returns = createDaemonReturns(deps, { settling, importNew, signal })

  // what ended while BanGUI was away is told by the log as it was
  const mayCorrect = () => !returns.isPending() && deps.state.get().watching.events.state !== 'catching_up'

  const futile = createFutileCorrections()
  const compare = singleFlight(async () => {
    await reconcile(deps, { signal, importNew, mayCorrect, futile })
  })

  const background = (work: () => Promise<void>) => {
    running.push(
      work().catch((error: unknown) => {
        if (!signal.aborted)
          deps.log.error({ event: 'watching_failed', err: error }, 'a part of the watching ended')
      }),
    )
  }

  return {
    start() {
      importSoon(deps, { signal, importNew })
      background(() => followLog(deps, signal))
      background(() => restoreLost(deps))
      background(() => followDaemon(deps, { signal, returns }))
      background(compare)
    },
    async stop() {
      ending.abort()
      await Promise.all(running)
      await returns.settled()
    },
    reconcile: compare,
    importNew,
  }
}

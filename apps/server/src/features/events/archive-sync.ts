import { singleFlight } from '@bangui/async'
import type { HostEvent } from '@bangui/shared'
import { createBanChecks, type CheckDeps } from './ban-checks.ts'
import { createDaemonReturns, type ReturnsDeps } from './daemon-returns.ts'
import { followDaemon } from './follow-daemon.ts'
import { createReconcileBackoff } from './reconcile-backoff.ts'
import { importHistory } from './import-history.ts'
import { importSoon } from './import-soon.ts'
import { followLog, type IngestDeps } from './ingest.ts'
import { forgetBanned, restoreLost } from './lost-bans.ts'
import { reconcile } from './reconcile.ts'

export type ArchiveSyncDeps = IngestDeps & ReturnsDeps & CheckDeps

export interface ArchiveSyncOptions {
  /** milliseconds between two counts of a daemon that restores its bans @default 2000 */
  readonly settling?: number
  /** called with the events of fail2ban's log before they are stored */
  readonly onLogged?: (events: readonly HostEvent[]) => void
  /** whether anybody watches BanGUI now; if not, fail2ban is polled less often @default always */
  readonly isWatched?: () => boolean
  /** when the process before this one was cut off at the latest; null: it was not @default null */
  readonly cutOffBy?: number | null
}

/** Keeps the archive in step with fail2ban: follows its log, imports its database, and compares the active bans. */
export interface ArchiveSync {
  start(): void
  /** Stops, and waits until events under way are stored. */
  stop(): Promise<void>
  /** Compares the bans in force with the daemon's now; calls that come while it runs share it. */
  reconcile(): Promise<void>
  /** Imports new records of fail2ban's own database now; calls meanwhile share the run. */
  importNew(): Promise<unknown>
  /** The bans of a jail may have changed without a line in the log: its list is read soon. */
  checkBans(jail: string): void
}

/** Creates the {@link ArchiveSync} of one daemon. Nothing happens before {@link ArchiveSync.start}. */
export function createArchiveSync(deps: ArchiveSyncDeps, options: ArchiveSyncOptions = {}): ArchiveSync {
  const { settling = 2_000, isWatched = () => true, cutOffBy = null } = options
  const ending = new AbortController()
  const { signal } = ending
  const running: Promise<void>[] = []
  // one at a time: two would read the same rows, and the slower one put the place back
  const importNew = singleFlight(() => importHistory(deps, signal))
  const returns = createDaemonReturns(deps, { settling, importNew, signal })

  // the log shows exactly which bans ended while BanGUI did not run
  const isLogRead = () => deps.state.get().watching.events.state !== 'catching_up'
  const mayCorrect = () => !returns.isPending() && isLogRead()

  const backoff = createReconcileBackoff()
  const checks = createBanChecks(deps, {
    signal,
    isLogRead,
    isRestoring: returns.isPending,
    backoff,
    isWatched,
  })
  const compare = singleFlight(async () => {
    await reconcile(deps, { signal, importNew, mayCorrect, backoff })
  })

  const onLogged = (events: readonly HostEvent[]) => {
    options.onLogged?.(events)
    checks.noticed(events)
  }

  const background = (work: () => Promise<void>) => {
    running.push(
      work().catch((error: unknown) => {
        if (!signal.aborted)
          deps.log.error(
            { event: 'watching_failed', err: error },
            'a task that follows fail2ban’s events ended',
          )
      }),
    )
  }

  const stopListening = deps.events.listen((batch) => {
    forgetBanned(deps, batch).catch((error: unknown) => {
      deps.log.warn({ event: 'lost_bans_not_saved', err: error }, 'the list of lost bans could not be saved')
    })
  })

  return {
    start() {
      // before the log is read: none of the operations of the last run goes on
      void closeOperations(deps, cutOffBy)
      importSoon(deps, { signal, importNew })
      background(() => followLog(deps, { signal, onLogged }))
      background(() => restoreLost(deps))
      background(() => followDaemon(deps, { signal, returns }))
      background(compare)
      background(checks.run)
    },
    async stop() {
      ending.abort()
      stopListening()
      await Promise.all(running)
      await returns.settled()
    },
    reconcile: compare,
    importNew,
    checkBans: checks.need,
  }
}

async function closeOperations(
  { archive, log }: Pick<ArchiveSyncDeps, 'archive' | 'log'>,
  cutOffBy: number | null,
): Promise<void> {
  try {
    await archive.closePendingActions({ operation: null, isAnswered: false, endedBy: cutOffBy ?? undefined })
  } catch (error) {
    log.warn(
      { event: 'pending_not_closed', err: error },
      'the pending actions of an operation could not be closed',
    )
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import { singleFlight } from '../../lib/single-flight.ts'
import { followLog, type IngestDeps } from './ingest.ts'
import { rememberLost, restoreLost } from './lost-bans.ts'
import { reconcile, type ReconcileDeps } from './reconcile.ts'

/** How long a daemon that came back may take to restore its bans before they are compared, in milliseconds. */
const SETTLING = 4_000

export type WatcherDeps = IngestDeps & ReconcileDeps

/** Follows what fail2ban does, until it is stopped. */
export interface Watcher {
  start(): void
  /** Ends the following and waits for what is being stored. */
  stop(): Promise<void>
  /** Compares the bans in force with the daemon's now; calls that come while it runs share it. */
  reconcile(): Promise<void>
}

/** Watches one daemon. Nothing happens before {@link Watcher.start}. */
export function createWatcher(deps: WatcherDeps): Watcher {
  const ending = new AbortController()
  const { signal } = ending
  const running: Promise<void>[] = []

  const compare = singleFlight(async () => {
    await reconcile(deps, { signal })
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
      background(() => followLog(deps, signal))
      background(() => restoreLost(deps))
      background(() => tellTransitions(deps, signal))
      background(compare)
    },
    async stop() {
      ending.abort()
      await Promise.all(running)
    },
    reconcile: compare,
  }
}

/** Tells when the daemon goes and comes; after it came back, compares what it restored. */
async function tellTransitions(deps: WatcherDeps, signal: AbortSignal): Promise<void> {
  let before: boolean | null = null
  for await (const { serverStatus } of deps.state.watch(signal)) {
    const { online, version, checkedAt } = serverStatus
    if (checkedAt === null || online === before) continue
    const cameBack = online && before === false
    if (before !== null || !online) {
      const at = deps.clock()
      deps.events.emit([await deps.archive.addEvent({ type: 'daemon.changed', at, online, version })])
    }
    before = online
    if (cameBack) void compareAfterReturn(deps, signal)
  }
}

async function compareAfterReturn(deps: WatcherDeps, signal: AbortSignal): Promise<void> {
  try {
    await sleep(SETTLING, undefined, { signal })
    await rememberLost(deps, await reconcile(deps, { reason: 'lost', signal }))
  } catch (error) {
    if (!signal.aborted)
      deps.log.warn(
        { event: 'reconcile_failed', err: error },
        'the bans could not be compared after a restart',
      )
  }
}

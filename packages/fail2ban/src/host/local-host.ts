import { singleFlight } from '@bangui/async'
import { isJailName, type ChangeJournal } from '@bangui/shared'
import { removeLeftovers } from '../config/temporary-folder.ts'
import type { DaemonConnection } from '../connection.ts'
import { createDaemonClocks } from '../daemon-time/daemon-clocks.ts'
import { JailUnknownError } from '../errors.ts'
import type { ConfigWrite } from '../host-models.ts'
import type { Fail2banHost } from '../host.ts'
import { probeDaemon, readDaemonInstance } from '../probe.ts'
import { createDaemonConnection } from '../wire/daemon-connection.ts'
import { applyChange } from './apply-change.ts'
import { createConfigReader } from './config-reader.ts'
import type { LocalHostContext } from './local-host-context.ts'
import { pidfileOf } from './pidfile.ts'
import { createBanVerbs } from './ban-verbs.ts'
import { createEventVerbs } from './event-verbs.ts'
import { createHistoryVerbs } from './history-verbs.ts'
import { createTuningVerbs } from './tuning-verbs.ts'
import { createBoundedMutex, createHostLock } from './host-lock.ts'
import { settleInterrupted } from './interrupted.ts'
import { getJail, listConfigNotices, listJails } from './list-jails.ts'
import { prepareSwitch, previewSwitch } from './prepare-switch.ts'
import { createLoads } from './loads.ts'
import { readDaemonLog } from './read-log.ts'
import { createReadOnlyHost } from './read-only-host.ts'
import { reloadAll, restartDaemon } from './reload.ts'
import { rollback } from './rollback.ts'
import { createSocketGuard } from './socket-guard.ts'
import { defaultStartCommand, startDaemon } from './start-daemon.ts'
import { createStartedJails } from './started-jails.ts'
import { stopDaemon } from './stop-daemon.ts'

export interface LocalHostOptions {
  readonly socketPath: string
  readonly configDir: string
  /** the fail2ban-client to use: a name or a path */
  readonly client: string
  /** @default systemctl where systemd runs, else fail2ban-client */
  readonly startCommand?: readonly string[] | undefined
  readonly configWrite: ConfigWrite
  /** nothing is changed in fail2ban, its files or its bans @default false */
  readonly readOnly?: boolean
  readonly journal: ChangeJournal
  /** @default the host creates a connection, and closes it */
  readonly connection?: DaemonConnection
  /** milliseconds since the epoch @default Date.now */
  readonly clock?: () => number
}

/** How many previews may wait for their turn: each starts three Python programs for about half a second. */
const MAX_WAITING_PREVIEWS = 4

/** The fail2ban on this machine: see {@link Fail2banHost}. Nothing is connected or looked at before the first verb. */
export function createLocalHost(options: LocalHostOptions): Fail2banHost {
  const { socketPath, configDir, client, configWrite, journal } = options
  const pidfile = () => pidfileOf(configDir).catch(() => undefined)
  const guard = createSocketGuard({ socketPath, pidfile })
  const connection =
    options.connection ?? createDaemonConnection({ socketPath, refusal: (since) => guard.refusal(since) })
  const startCommand = options.startCommand ?? null
  const clock = options.clock ?? Date.now
  const context: LocalHostContext = {
    socketPath,
    configDir,
    client,
    startCommand,
    configWrite,
    journal,
    connection,
    guard,
    configReader: createConfigReader({ client, configDir }),
    clock,
    clocks: createDaemonClocks(configDir),
    started: createStartedJails(clock),
    loads: createLoads(),
  }
  const lock = createHostLock()
  const { change } = lock
  const onePreview = createBoundedMutex(MAX_WAITING_PREVIEWS)
  const { close: closeHistory, findBanTimes, ...historyVerbs } = createHistoryVerbs(context)
  const findInstance = async () => {
    await guard.noteAnswer()
    return readDaemonInstance(socketPath, await pidfile())
  }
  let settling: Promise<unknown> = Promise.resolve()

  const host: Fail2banHost = {
    info: () => ({
      socketPath,
      startCommand: startCommand ?? defaultStartCommand(context),
      uid: process.getuid?.() ?? -1,
    }),
    probe: () => probeDaemon(connection, { findInstance }),
    onConnectionEvent: (listener) => connection.onConnectionEvent(listener),
    listJails: singleFlight(() => listJails(context)),
    listConfigNotices: () => listConfigNotices(context),
    getJail: async (name) => {
      if (!isJailName(name)) throw new JailUnknownError(name)
      return getJail(context, name)
    },
    previewSwitch: (name, enabled) => onePreview(() => previewSwitch(context, name, enabled)),
    prepareSwitch: (name, enabled) => change(() => prepareSwitch(context, name, enabled)),
    applyChange: (changeId, keep) => change(() => applyChange(context, changeId, keep)),
    rollback: async (request, onStep) => {
      // what a start settles by itself is no reason to refuse the click that it asks for
      await settling
      return change(() => rollback(context, request, onStep))
    },
    settleInterrupted: () => {
      const work = removeLeftovers().then(() => change(() => settleInterrupted(context)))
      settling = work.catch(() => undefined)
      return work
    },
    cancelLoad: () => context.loads.cancel(),
    start: () => change(() => startDaemon(context)),
    stop: () => change(() => stopDaemon(context)),
    reload: () => change(() => reloadAll(context)),
    restart: (onStopped) => change(() => restartDaemon(context, onStopped)),
    readLog: () => readDaemonLog(configDir),
    ...createEventVerbs(context, findBanTimes),
    ...historyVerbs,
    ...createBanVerbs(context, lock, findBanTimes),
    ...createTuningVerbs(context, lock, onePreview),
    close: async () => {
      await Promise.all([connection.close(), closeHistory()])
    },
  }
  return options.readOnly ? createReadOnlyHost(host) : host
}

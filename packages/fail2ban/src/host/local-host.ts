import type { DaemonConnection } from '../connection.ts'
import { createDaemonClocks } from '../daemon-time/daemon-clocks.ts'
import type { ConfigWrite } from '../models/change-models.ts'
import type { Fail2banHost } from '../host.ts'
import { createDaemonConnection } from '../wire/daemon-connection.ts'
import { createLogVerbs } from '../logs/log-verbs.ts'
import { createBanVerbs } from './ban-verbs.ts'
import { createBansRestored } from './bans-restored.ts'
import { createSavedChanges } from './saved-changes.ts'
import { createConfigReader } from './config-reader.ts'
import { createConfigVerbs } from './config-verbs.ts'
import { createDaemonVerbs } from './daemon-verbs.ts'
import { createEventVerbs } from './event-verbs.ts'
import { createHealthVerbs } from './health-verbs.ts'
import { createHistoryVerbs } from './history-verbs.ts'
import { createHostLock } from './host-lock.ts'
import { createIgnoreVerbs } from './ignore-verbs.ts'
import { createJailVerbs } from './jail-verbs.ts'
import { createLoads } from './loads.ts'
import type { LocalHostContext } from './local-host-context.ts'
import { createOutsideWatch } from './outside/outside-watch.ts'
import { pidfileOf } from './pidfile.ts'
import { createProofLedger } from './proof-ledger.ts'
import { createReadOnlyHost } from './read-only-host.ts'
import { createSocketGuard } from './socket-guard.ts'
import { createStartedJails } from './started-jails.ts'
import { keepUnsaved } from './unsaved-changes.ts'

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
  /** the folders in which logs may be read, beside the logs of jails @default none */
  readonly logDirs?: readonly string[]
  /** the folder of what the host keeps itself: the saved files of changes. It is created when it is needed. */
  readonly stateDir: string
  /** @default the host creates a connection, and closes it */
  readonly connection?: DaemonConnection
  /** how long fail2ban's own test of a changed configuration may take, in milliseconds @default CONFIG_TIMEOUT_MS */
  readonly testDeadline?: number
  /** milliseconds since the epoch @default Date.now */
  readonly clock?: () => number
}

/** The fail2ban on this machine: see {@link Fail2banHost}. Nothing is connected or looked at before the first verb. */
export function createLocalHost(options: LocalHostOptions): Fail2banHost {
  const { socketPath, configDir, client, configWrite, stateDir } = options
  const pidfile = () => pidfileOf(configDir).catch(() => undefined)
  const guard = createSocketGuard({ socketPath, pidfile })
  const connection =
    options.connection ?? createDaemonConnection({ socketPath, refusal: (since) => guard.refusal(since) })
  const startCommand = options.startCommand ?? null
  const clock = options.clock ?? Date.now
  const changes = keepUnsaved(createSavedChanges(stateDir))
  const context: LocalHostContext = {
    socketPath,
    configDir,
    client,
    startCommand,
    configWrite,
    logDirs: options.logDirs ?? [],
    changes,
    outside: createOutsideWatch({ configDir, stateDir, changes, clock }),
    proofs: createProofLedger(stateDir, clock),
    connection,
    guard,
    configReader: createConfigReader({ client, configDir }),
    clock,
    clocks: createDaemonClocks(configDir),
    started: createStartedJails(clock),
    loads: createLoads(),
    ...(options.testDeadline !== undefined && { testDeadline: options.testDeadline }),
  }
  const lock = createHostLock()
  const restored = createBansRestored(context)
  const { close: closeHistory, findBanTimes, ...history } = createHistoryVerbs(context)
  const config = createConfigVerbs(context, lock)
  const host: Fail2banHost = {
    daemon: createDaemonVerbs(context, { lock, restored }),
    jails: createJailVerbs(context, lock),
    bans: createBanVerbs(context, { lock, restored, findBanTimes }),
    ignores: createIgnoreVerbs(context, lock),
    history,
    events: createEventVerbs(context, findBanTimes),
    config,
    logs: createLogVerbs(context),
    health: createHealthVerbs(context, { lock, testRegex: config.testRegex }),
    close: async () => {
      await Promise.all([connection.close(), closeHistory()])
    },
  }
  return options.readOnly ? createReadOnlyHost(host) : host
}

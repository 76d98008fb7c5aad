import type { Archive, BansComparisonStore, Database } from '@bangui/db'
import type { Fail2banHost } from '@bangui/fail2ban'
import type { StoredEvent } from '@bangui/shared'
import type { Config } from './config.ts'
import type { LoginThrottle } from './features/auth/login-throttle.ts'
import type { Passwords } from './features/auth/passwords.ts'
import type { Sessions } from './features/auth/sessions.ts'
import type { SignInLog } from './features/auth/sign-in-log.ts'
import type { Geo } from './features/geo/geo.ts'
import type { Bantimes } from './features/jails/bantimes.ts'
import type { JailList } from './features/jails/jail-list.ts'
import type { StopActors } from './features/jails/stop-actors.ts'
import type { StreamRegistry } from './features/live/stream-registry.ts'
import type { LimitPerUser } from './features/operations/limit-per-user.ts'
import type { Operations } from './features/operations/operations.ts'
import type { Monitor } from './features/server/monitor.ts'
import type { SetupToken } from './features/setup/setup-token.ts'
import type { Scheduler } from './jobs/scheduler.ts'
import type { Bus } from './lib/event-bus.ts'
import type { Logger } from './lib/logger.ts'
import type { StateStore } from './state/state-store.ts'

/** Everything that the services need, built once by createDeps. */
export interface Deps {
  readonly config: Config
  readonly log: Logger
  /** UTC epoch milliseconds */
  readonly clock: () => number
  readonly database: Database
  readonly state: StateStore
  readonly jails: JailList
  readonly bantimes: Bantimes
  readonly stopActors: StopActors
  readonly host: Fail2banHost
  readonly monitor: Monitor
  readonly archive: Archive
  /** how far the bans were compared with the daemon's */
  readonly comparison: BansComparisonStore
  /** what was stored, right after it was */
  readonly events: Bus<readonly StoredEvent[]>
  readonly geo: Geo
  readonly operations: Operations
  /** readings that take turns or long, of each user */
  readonly limitReadings: LimitPerUser
  /** Compares the active bans with the daemon and its database now; calls meanwhile share the run. */
  readonly reconcile: () => Promise<void>
  /** Imports new records of fail2ban's own database now; calls meanwhile share the run. */
  readonly importNew: () => Promise<unknown>
  /** The bans of a jail may have changed without a line in fail2ban's log: its list is read soon. */
  readonly checkBans: (jail: string) => void
  readonly scheduler: Scheduler
  readonly passwords: Passwords
  readonly sessions: Sessions
  readonly throttle: LoginThrottle
  readonly signInLog: SignInLog
  readonly setupToken: SetupToken
  readonly streams: StreamRegistry
  /** random, new at each start: the first part of the ids of `state.watch` */
  readonly bootId: string
}

import type { Archive, ArchiveReader, Database } from '@bangui/db'
import type { Config } from './config.ts'
import type { Alerts } from './features/alerts/alerts.ts'
import type { LoginThrottle } from './features/auth/login-throttle.ts'
import type { Passwords } from './features/auth/passwords.ts'
import type { Sessions } from './features/auth/sessions.ts'
import type { SignInLog } from './features/auth/sign-in-log.ts'
import type { RunningImports } from './features/blocklists/running-imports.ts'
import type { LatestPerUser } from './features/config/latest-per-user.ts'
import type { FilterTestRuns } from './features/config/filter-test-runs.ts'
import type { LogHighlights } from './features/config/log-highlights.ts'
import type { Geo } from './features/geo/geo.ts'
import type { StreamRegistry } from './features/live/stream-registry.ts'
import type { LimitPerUser } from './features/operations/limit-per-user.ts'
import type { Operations } from './features/operations/operations.ts'
import type { SetupToken } from './features/setup/setup-token.ts'
import type { Connections } from './http/connections.ts'
import type { HostContext } from './hosts/host-context.ts'
import type { Hosts } from './hosts/hosts.ts'
import type { Scheduler } from './jobs/scheduler.ts'
import type { FetchPublic } from './lib/fetch-public.ts'
import type { Logger } from './lib/logger.ts'
import type { Secrets } from './lib/secrets.ts'
import type { AppStateStore } from './state/app-state.ts'

/** What the services need and what exists once, built by createDeps. */
export interface Deps {
  readonly config: Config
  readonly log: Logger
  /** UTC epoch milliseconds */
  readonly clock: () => number
  readonly database: Database
  /** the history of all hosts */
  readonly archive: Archive
  readonly appState: AppStateStore
  /** when the process before this one was cut off at the latest; null: it was not */
  readonly cutOffBy: number | null
  readonly hosts: Hosts
  readonly geo: Geo
  /** Fetches what somebody named, by the rules of the configuration. */
  readonly fetchPublic: FetchPublic
  readonly operations: Operations
  /** the imports of blocklists under way */
  readonly imports: RunningImports
  /** readings that take turns or long, of each user */
  readonly limitReadings: LimitPerUser
  /** tests of regexes, one of each user */
  readonly latestRegexTest: LatestPerUser
  readonly filterTestRuns: FilterTestRuns
  /** previews of changes, one of each user */
  readonly latestPreview: LatestPerUser
  /** previews of blocklists: each may read 128 MiB and keep a million entries */
  readonly latestListPreview: LatestPerUser
  /** whose lines of logs are matched */
  readonly logHighlights: LogHighlights
  readonly scheduler: Scheduler
  readonly passwords: Passwords
  readonly sessions: Sessions
  readonly throttle: LoginThrottle
  readonly signInLog: SignInLog
  /** encrypts what is secret in the database */
  readonly secrets: Secrets
  readonly setupToken: SetupToken
  readonly alerts: Alerts
  readonly streams: StreamRegistry
  /** the connections of the HTTP server */
  readonly connections: Connections
  /** random, new at each start: the first part of the ids of `state.watch` */
  readonly bootId: string
}

/** What the services of one host need: what exists once, and what is kept for this host. */
export type HostDeps = Omit<Deps, keyof HostContext> & HostContext

/** Returns the dependencies of the services of one host. */
export const hostDepsOf = (deps: Deps, host: HostContext): HostDeps => ({ ...deps, ...host })

/** What the services need that read over several hosts. */
export type ScopeDeps = Omit<Deps, 'archive' | 'hosts'> & {
  /** the hosts that are asked about */
  readonly scope: readonly HostContext[]
  /** all hosts were asked about: rows name theirs */
  readonly isAll: boolean
  /** the history of these hosts */
  readonly archive: ArchiveReader
}

/** Returns the dependencies of the services that read over these hosts. */
export function scopeDepsOf(deps: Deps, { scope, isAll }: Pick<ScopeDeps, 'scope' | 'isAll'>): ScopeDeps {
  const [first, ...others] = scope
  const archive =
    first && others.length === 0 ? first.archive : deps.archive.forHosts(scope.map(({ id }) => id))
  return { ...deps, scope, isAll, archive }
}

import type { ConfigSeen, UnreadFile } from './seen/config-seen.ts'
import type {
  DaemonSeen,
  DaemonValues,
  JailActions,
  JailBans,
  JailOptions,
  JailSeen,
  ProcessSeen,
} from './seen/daemon-seen.ts'
import type {
  AccessSeen,
  FilterTestSeen,
  JournalSeen,
  LogFileSeen,
  LogGrowth,
  LogSample,
  LogTargetSeen,
  MatchingLog,
  ServiceLogs,
  ViewSeen,
} from './seen/files-seen.ts'
import type { FirewallSeen, Listener, ToolSeen } from './seen/firewall-seen.ts'
import type { Observed } from './observed.ts'
import type { NetworkSeen, ProcessName, SystemSeen } from './seen/machine-seen.ts'
import type { OwnLogSeen } from './seen/own-log-seen.ts'

/** What there is to observe, by the part that a collector sees. */
export interface Observation {
  readonly daemon: DaemonSeen
  readonly process: ProcessSeen
  readonly daemonValues: DaemonValues
  readonly jails: readonly JailSeen[]
  readonly actions: readonly JailActions[]
  readonly jailOptions: readonly JailOptions[]
  readonly bans: readonly JailBans[]
  readonly config: ConfigSeen
  readonly unreadFiles: readonly UnreadFile[]
  readonly ownLog: OwnLogSeen
  readonly logFiles: readonly LogFileSeen[]
  /** null: fail2ban logs to no file */
  readonly logTarget: LogTargetSeen | null
  readonly logGrowth: readonly LogGrowth[]
  readonly matchingLogs: readonly MatchingLog[]
  readonly serviceLogs: readonly ServiceLogs[]
  readonly journal: JournalSeen
  readonly samples: readonly LogSample[]
  readonly filterTests: readonly FilterTestSeen[]
  readonly access: readonly AccessSeen[]
  readonly view: ViewSeen
  readonly firewall: FirewallSeen
  readonly tools: readonly ToolSeen[]
  readonly listeners: readonly Listener[]
  readonly processes: readonly ProcessName[]
  readonly network: NetworkSeen
  readonly system: SystemSeen
  /** the version of fail2ban-client */
  readonly clientVersion: string
}

export type ObservationPart = keyof Observation

/** The parts that were observed. */
export type ObservedParts = { readonly [TPart in ObservationPart]?: Observed<Observation[TPart]> }

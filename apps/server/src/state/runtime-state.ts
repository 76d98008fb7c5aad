import type { DaemonCapabilities, DaemonInstance, HostInfo } from '@bangui/fail2ban'
import {
  noAlertsSummary,
  type AlertsSummary,
  defaultRuntimeSettings,
  LOCAL_HOST_KEY,
  noHealthSummary,
  unknownStatus,
  unknownWatching,
  type ConfigNotice,
  type HealthSummary,
  type LostBans,
  type LastActivation,
  type Pause,
  type PendingRecovery,
  type RecoveryProgress,
  type RuntimeSettings,
  type RuntimeSnapshot,
  type ServerStatus,
  type UnconfirmedChange,
  type Watching,
} from '@bangui/shared'

import { helpCommands } from './help-commands.ts'

/** Everything of one host that changes while the server runs. Never mutated: a change is a new object. */
export interface RuntimeState {
  /** counts changes of what a user sees, of all hosts */
  readonly revision: number
  /** the key of the host */
  readonly host: string
  readonly setupComplete: boolean
  readonly serverStatus: ServerStatus
  readonly pendingRecovery: PendingRecovery | null
  readonly lastActivation: LastActivation | null
  /** the daemon was seen online after the crash window of `lastActivation` */
  readonly activationConfirmed: boolean
  /** whether the daemon was up when BanGUI last ran: what the first probe is compared with */
  readonly onlineBefore: boolean
  readonly recovery: RecoveryProgress | null
  readonly unconfirmedChange: UnconfirmedChange | null
  readonly pause: Pause | null
  readonly runtimeSettings: RuntimeSettings
  readonly daemonCapabilities: DaemonCapabilities | null
  readonly onlineSince: number | null
  /** the run of the daemon that answered last; null while it is offline */
  readonly daemonInstance: DaemonInstance | null
  readonly configuredJails: number | null
  readonly configNotices: readonly ConfigNotice[]
  readonly watching: Watching
  /** the findings of the protection's checks, in numbers */
  readonly health: HealthSummary
  readonly alerts: AlertsSummary
  readonly lostBans: LostBans | null
  /** for the commands that help with a daemon that is offline; null until the host is known */
  readonly hostInfo: HostInfo | null
  readonly demo: boolean
  readonly node: string
  readonly version: string
  /** of the web interface; null: none is served */
  readonly build: string | null
  /** nothing is changed in fail2ban, its files or its bans */
  readonly readOnly: boolean
}

/** The state of a process that knows nothing yet. */
export const initialState = (
  basis: Pick<RuntimeState, 'demo' | 'node' | 'version'> & { readonly host?: string },
): RuntimeState => ({
  revision: 0,
  host: LOCAL_HOST_KEY,
  setupComplete: false,
  serverStatus: unknownStatus,
  pendingRecovery: null,
  lastActivation: null,
  activationConfirmed: false,
  onlineBefore: false,
  recovery: null,
  unconfirmedChange: null,
  pause: null,
  runtimeSettings: defaultRuntimeSettings,
  daemonCapabilities: null,
  onlineSince: null,
  daemonInstance: null,
  configuredJails: null,
  configNotices: [],
  watching: unknownWatching,
  health: noHealthSummary,
  alerts: noAlertsSummary,
  lostBans: null,
  hostInfo: null,
  build: null,
  readOnly: false,
  ...basis,
})

/** Returns the part of the state that users see. */
export const snapshotOf = (state: RuntimeState): RuntimeSnapshot => ({
  host: state.host,
  revision: state.revision,
  serverStatus: state.serverStatus,
  pendingRecovery: state.pendingRecovery,
  recovery: state.recovery,
  unconfirmedChange: state.unconfirmedChange,
  pause: state.pause,
  setupComplete: state.setupComplete,
  demo: state.demo,
  node: state.node,
  version: state.version,
  build: state.build,
  readOnly: state.readOnly,
  onlineSince: state.onlineSince,
  configuredJails: state.configuredJails,
  configNotices: [...state.configNotices],
  watching: state.watching,
  health: state.health,
  alerts: state.alerts,
  lostBans: state.lostBans,
  helpCommands: state.hostInfo ? helpCommands(state.serverStatus, state.hostInfo) : [],
})

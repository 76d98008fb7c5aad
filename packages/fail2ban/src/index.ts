export type { DaemonConnection, ConnectionEvent, RequestOptions } from './connection.ts'
export type { DaemonInstance } from './daemon-instance.ts'
export { HostError, isHostError, type HostErrorCode, type HostErrorParams } from './host-error.ts'
export type {
  ApplyOutcome,
  ChangeInput,
  ChangePreview,
  ConfigWrite,
  LoadRequest,
  PreparedChange,
  KeptChange,
  RollbackRequest,
} from './models/change-models.ts'
export type {
  BannedBatch,
  BatchOptions,
  BatchStep,
  BatchUnbanned,
  DaemonBanPage,
  JailBan,
  LiveBansQuery,
} from './models/ban-models.ts'
export type { ConfigEdit, JailTuning } from './models/edit-models.ts'
export type {
  DaemonCapabilities,
  HostEventBatch,
  HostInfo,
  LoadOutcome,
  ProbeAnswer,
  ProbeFailure,
  ProbeOutcome,
} from './models/daemon-models.ts'
export type {
  ConfiguredIgnores,
  IgnoredFile,
  IgnoresEdit,
  JailIgnoreList,
  RunningIgnores,
} from './models/ignore-models.ts'
export type { Fail2banHost } from './host.ts'
export { createPace, MAX_BATCH } from './host/batches.ts'
export { createLocalHost, type LocalHostOptions } from './host/local-host.ts'
export { machineAddresses } from './host/machine-addresses.ts'

export { catalogue } from './config/catalogue/catalogue.ts'
export { grammarOf } from './config/catalogue/grammars.ts'
export type { CatalogueOption, OptionScope } from './config/catalogue/catalogue-option.ts'
export { hideValues } from './config/hide-values.ts'
export { hiddenDiff, unifiedDiff } from './config/unified-diff.ts'

// the wire and the configuration, for benchmarks and other programs
export { checkConfig } from './host/check-config.ts'
export { resolveConfig } from './config/resolve-config.ts'
export { capabilitiesOf } from './capabilities.ts'
export { readJailCounts, readJailStatus, readVersion } from './commands.ts'
export type { JailCounts, JailStatus } from './replies.ts'
export { createDaemonConnection, type DaemonConnectionOptions } from './wire/daemon-connection.ts'
export { decodePickle } from './wire/decode-pickle.ts'
export { CommandError, encodeCommand } from './wire/encode-command.ts'
export { PickleError } from './wire/pickle-error.ts'

// daemons of our own: the demo, benchmarks, tests
export { localTime } from './local-time.ts'
export {
  createPrivateDaemon,
  type PrivateDaemon,
  type PrivateDaemonOptions,
  type PrivateJail,
} from './private-daemon.ts'
export { privatePaths, type PrivatePaths, writeConfig } from './private-daemon/files.ts'
export { createSimulator, type Simulator, type SimulatorOptions } from './simulator/create-simulator.ts'
export type { SimulatedBan } from './simulator/ban-table.ts'
export type { SimulatedJailOptions } from './simulator/simulated-jail.ts'
export { simulatedLogLine, type SimulatedFact } from './simulator/simulated-log.ts'
export type { SimulatorFault } from './simulator/simulator-fault.ts'
export type { LiveCounts } from './live-counts.ts'
export { createPacker, unpackAddresses, type PackedAddresses } from './packed-addresses.ts'

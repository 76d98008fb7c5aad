export * from './errors.ts'
export * from './host.ts'
export {
  createPrivateDaemon,
  type PrivateDaemon,
  type PrivateDaemonOptions,
  type PrivateJail,
} from './private-daemon.ts'
export * from './config/config-model.ts'
export { configuredJails, daemonOption, findConfiguredJail, jailSettings } from './config/list-jails.ts'
export type { ConfiguredJail } from './config/list-jails.ts'
export { readFail2banConfig } from './config/read-config.ts'
export { type ConfigFolder, stageConfig, type StagedConfig } from './config/stage.ts'
export { rehearse, type Rehearsal } from './config/rehearse.ts'
export { testConfig, type ConfigTest } from './config/test-config.ts'
export * from './connection.ts'
export { capabilitiesOf } from './capabilities.ts'
export * from './commands.ts'
export type { JailCounts, JailStatus } from './replies.ts'
export { probeDaemon, type ProbeOptions, readDaemonIdentity, readPid } from './probe.ts'
export { createDaemonConnection, type DaemonConnectionOptions } from './wire/daemon-connection.ts'
export { currentUser } from './wire/connect-failure.ts'
export { decodePickle, maxReplyBytes } from './wire/decode-pickle.ts'
export { CommandError, encodeCommand, maxCommandBytes } from './wire/encode-command.ts'
export { PickleError } from './wire/pickle-error.ts'
export { createLocalHost, type LocalHostOptions } from './host/local-host.ts'
export { createSimulator, type Simulator, type SimulatorOptions } from './simulator/create-simulator.ts'
export type { SimulatedBan, SimulatedJailOptions } from './simulator/simulated-jail.ts'
export type { SimulatorFault } from './simulator/simulator-fault.ts'

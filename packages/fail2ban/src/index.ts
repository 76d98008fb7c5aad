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

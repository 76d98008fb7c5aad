export * from './errors.ts'
export * from './host.ts'
export {
  createPrivateDaemon,
  type PrivateDaemon,
  type PrivateDaemonOptions,
  type PrivateJail,
} from './private-daemon.ts'

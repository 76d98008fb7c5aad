import { eventsOf, stepsOf } from '@bangui/async'
import { readDaemonInstance } from '../daemon-instance.ts'
import { probeDaemon } from '../probe.ts'
import type { DaemonVerbs } from '../verbs/daemon.ts'
import type { BansRestored } from './bans-restored.ts'
import type { HostLock } from './host-lock.ts'
import type { LocalHostContext } from './local-host-context.ts'
import { machineAddresses } from './machine-addresses.ts'
import { pidfileOf } from './pidfile.ts'
import { restartDaemon } from './reload.ts'
import { defaultStartCommand, startDaemon } from './start-daemon.ts'
import { stopDaemon } from './stop-daemon.ts'

export interface DaemonVerbsOptions {
  readonly lock: HostLock
  readonly restored: BansRestored
}

/** Creates the verbs about fail2ban as a whole. */
export function createDaemonVerbs(
  context: LocalHostContext,
  { lock: { change, emergency }, restored }: DaemonVerbsOptions,
): DaemonVerbs {
  const { socketPath, configDir, connection, guard, startCommand } = context
  const findInstance = async () => {
    await guard.noteAnswer()
    return readDaemonInstance(socketPath, await pidfileOf(configDir).catch(() => undefined))
  }
  return {
    info: async () => ({
      socketPath,
      startCommand: startCommand ?? defaultStartCommand(context),
      uid: process.getuid?.() ?? -1,
      addresses: machineAddresses(),
    }),
    probe: () => probeDaemon(connection, { findInstance }),
    connectionEvents: (options) => eventsOf(connection.onConnectionEvent, options),
    whenBansRestored: () => restored.whenRestored(async () => undefined),
    start: () => change(() => startDaemon(context)),
    stop: () => emergency(() => stopDaemon(context)),
    restart: () => stepsOf((emit) => change(() => restartDaemon(context, () => emit('stopped')))),
  }
}

import type { Logger } from '../lib/logger.ts'
import { createAttackScript } from './attack-script.ts'
import { playAttacks } from './attackers.ts'
import type { DemoDaemon } from './demo-daemon.ts'
import { prepareDaemonFolder } from './demo-paths.ts'
import { startRealDaemon } from './real-daemon.ts'

export interface DemoOptions {
  /** the demo's own data folder */
  readonly dataDir: string
  readonly log: Logger
  /** the same seed tells the same story; the time of the start when not given */
  readonly seed?: number
}

/** A fail2ban of its own with invented attackers. */
export interface Demo extends Omit<DemoDaemon, 'deliver' | 'stop'> {
  /** Ends the attackers and the daemon. Safe to repeat. */
  stop(): Promise<void>
}

/** Starts the demo. @throws when no daemon can be started */
export async function startDemo({ dataDir, log, seed = Date.now() }: DemoOptions): Promise<Demo> {
  const daemon = await startDaemon(await prepareDaemonFolder(dataDir), log)
  const attackers = playAttacks(createAttackScript(seed), daemon.deliver, (error) =>
    log.debug({ event: 'demo_attempt_failed', err: error }, 'an invented attempt could not be written'),
  )
  const stop = async () => {
    await attackers.stop()
    await daemon.stop()
  }
  let stopping: Promise<void> | undefined
  const { kind, socketPath, configDir, client, startCommand } = daemon
  return { kind, socketPath, configDir, client, startCommand, stop: () => (stopping ??= stop()) }
}

const startDaemon = (folder: string, _log: Logger): Promise<DemoDaemon> => startRealDaemon(folder)

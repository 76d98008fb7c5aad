import { isHostError } from '@bangui/fail2ban'
import type { Logger } from '../lib/logger.ts'
import { createAttackScript } from './attack-script.ts'
import { playAttacks } from './attackers.ts'
import type { DemoDaemon } from './demo-daemon.ts'
import { prepareDaemonFolder } from './demo-paths.ts'
import { holdFolder } from './hold-folder.ts'
import { startRealDaemon } from './real-daemon.ts'
import { startSimulatedDaemon } from './simulated-daemon.ts'

export interface DemoOptions {
  /** the demo's own data folder */
  readonly dataDir: string
  readonly log: Logger
  /** the same seed plays the same script @default the time of the start */
  readonly seed?: number
  /** the folder of fail2ban's programs, where they are not on the path */
  readonly binDir?: string
}

/** A fail2ban of its own with invented attackers. */
export interface Demo extends Omit<DemoDaemon, 'deliver' | 'stop'> {
  /** Ends the attackers and the daemon. Safe to repeat. */
  stop(): Promise<void>
}

/** Starts the demo: on the real fail2ban where it is installed and starts, else on the simulator. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { dataDir, log, seed = Date.now() } = options
  const folder = await prepareDaemonFolder(dataDir)
  const release = await holdFolder(folder)
  const daemon = await startDaemon(folder, { ...options, seed }).catch(async (error: unknown) => {
    await release()
    throw error
  })
  const attackers = playAttacks(createAttackScript(seed), daemon.deliver, (error) =>
    log.debug({ event: 'demo_attempt_failed', err: error }, 'an invented attempt could not be written'),
  )
  const stop = async () => {
    await attackers.stop()
    await daemon.stop().finally(release)
  }
  let stopping: Promise<void> | undefined
  const { kind, socketPath, configDir, client, startCommand } = daemon
  return { kind, socketPath, configDir, client, startCommand, stop: () => (stopping ??= stop()) }
}

async function startDaemon(
  folder: string,
  { log, binDir, seed }: DemoOptions & { readonly seed: number },
): Promise<DemoDaemon> {
  try {
    return await startRealDaemon(folder, { binDir, seed })
  } catch (error) {
    if (isHostError(error, 'tool_missing'))
      log.info({ event: 'demo_simulated' }, 'fail2ban is not installed here')
    else
      log.warn({ event: 'demo_simulated', err: error }, 'the fail2ban that is installed here did not start')
    return startSimulatedDaemon(folder, seed)
  }
}

import { join } from 'node:path'
import type { Config } from '../config.ts'
import { prepareDataFolder } from '../data-folder.ts'
import type { Logger } from '../lib/logger.ts'
import { decideDemo, type DemoMode } from './decide-demo.ts'
import { demoDataDir } from './demo-paths.ts'
import { gatherFacts } from './gather-facts.ts'
import { startDemo, type Demo } from './start-demo.ts'

export interface PreparedDemo {
  /** the given configuration, or one for the demo's daemon and data folder */
  readonly config: Config
  readonly demo: Demo | null
}

/** Starts the demo where it is wanted; the caller stops it, after everything else. */
export async function prepareDemo(config: Config, mode: DemoMode, log: Logger): Promise<PreparedDemo> {
  if (mode === 'never') return { config, demo: null }
  const { start, because } = decideDemo(await gatherFacts(config, mode))
  if (!start) {
    log.info({ event: 'demo_not_started' }, `${because} BanGUI manages ${config.fail2banSocket}.`)
    return { config, demo: null }
  }
  const dataDir = demoDataDir(config.dataDir)
  prepareDataFolder(dataDir)
  const demo = await startDemo({ dataDir, log })
  log.info(
    { event: 'demo_started', dataDir, daemon: demo.kind },
    `${because} This is a demo: ${describe(demo)}.`,
  )
  return { config: demoConfig(config, dataDir, demo), demo }
}

const describe = ({ kind }: Demo) =>
  kind === 'real'
    ? 'a private fail2ban with simulated attacks'
    : 'a simulated fail2ban, with invented attackers'

const demoConfig = (config: Config, dataDir: string, demo: Demo): Config =>
  Object.freeze({
    ...config,
    dataDir,
    databaseUrl: `sqlite:${join(dataDir, 'bangui.db')}`,
    fail2banSocket: demo.socketPath,
    fail2banConfigDir: demo.configDir,
    fail2banClient: demo.client,
    fail2banStartCommand: demo.startCommand,
  })

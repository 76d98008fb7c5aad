import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { createPrivateDaemon } from '@bangui/fail2ban'
import { boundLog, createAttackLog } from './attack-log.ts'
import type { DemoDaemon } from './demo-daemon.ts'
import { attackedJails, recidiveJail } from './demo-jails.ts'
import { writePast } from './past-log.ts'

const maxDaemonLogBytes = 1_000_000

export interface RealDaemonOptions {
  /** the folder of fail2ban's programs, where they are not on the path */
  readonly binDir?: string | undefined
  /** of the past that is invented for it */
  readonly seed: number
}

/**
 * Runs the machine's own fail2ban-server on a folder of the demo. One that an earlier demo left behind is ended first.
 * @throws when fail2ban is not installed, or does not start
 */
export async function startRealDaemon(
  folder: string,
  { binDir, seed }: RealDaemonOptions,
): Promise<DemoDaemon> {
  const logs = join(folder, 'logs')
  await mkdir(logs, { recursive: true, mode: 0o700 })
  const logOf = (jail: string) => join(logs, `${jail}.log`)
  const jails = attackedJails.map((jail) => ({ ...jail, logPath: logOf(jail.name) }))
  const daemon = await createPrivateDaemon({ folder, jails, ...(binDir && { binDir }) })
  await daemon.dispose()
  await daemon.addJail(recidiveJail(daemon.logfile))
  // a jail cannot start without its log
  await writePast(daemon.logfile, { seed, until: Date.now() })
  for (const path of [daemon.logfile, ...jails.map(({ logPath }) => logPath)]) await touch(path)
  await daemon.start()

  const write = createAttackLog({ pathOf: ({ jail }) => logOf(jail) })
  return {
    kind: 'real',
    socketPath: daemon.socketPath,
    configDir: daemon.configDir,
    client: daemon.clientProgram,
    startCommand: daemon.startCommand,
    deliver: async (attempt) => {
      await boundLog(daemon.logfile, maxDaemonLogBytes)
      await write(attempt)
    },
    stop: async () => {
      try {
        await daemon.stop()
      } finally {
        await daemon.dispose()
      }
    },
  }
}

async function touch(path: string): Promise<void> {
  const file = await open(path, 'a', 0o600)
  await file.close()
}

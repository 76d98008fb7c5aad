import type { DaemonLog } from '@bangui/shared'
import { daemonOption } from '../config/list-jails.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { logPath, readEnd } from './log-tail.ts'

const MAX_BYTES = 64 * 1024
const MAX_LINES = 100

/** The last lines of fail2ban's own log, where that is a file. @throws ConfigUnreadableError */
export async function readDaemonLog(configDir: string): Promise<DaemonLog> {
  const target = daemonOption(await readFail2banConfig(configDir), 'logtarget')
  const path = logPath(target)
  if (path === undefined) {
    return { target, lines: [], problem: `fail2ban logs to ${target}, which is not a file.` }
  }
  try {
    const { text, isCut } = await readEnd(path, MAX_BYTES)
    const whole = isCut ? text.slice(text.indexOf('\n') + 1) : text
    const lines = whole.split('\n').filter((line) => line !== '')
    return { target: path, lines: lines.slice(-MAX_LINES), problem: null }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { target: path, lines: [], problem: `fail2ban's log ${path} cannot be read: ${reason}` }
  }
}

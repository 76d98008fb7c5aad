import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { DaemonLog } from '@bangui/shared'
import { daemonOption } from '../config/list-jails.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { cleanText } from './clean-text.ts'
import { logPath } from './log-tail.ts'

const MAX_BYTES = 64 * 1024
const MAX_LINES = 100

/** The last lines of fail2ban's own log, where that is a file. @throws ConfigUnreadableError */
export async function readDaemonLog(configDir: string): Promise<DaemonLog> {
  const target = daemonOption(await readFail2banConfig(configDir), 'logtarget')
  const path = logPath(target)
  if (path === undefined) {
    return { target, lines: [], problem: `fail2ban logs to ${target}, which is no file.` }
  }
  try {
    const lines = (await readEnd(path)).split('\n').filter((line) => line !== '')
    return { target: path, lines: lines.slice(-MAX_LINES), problem: null }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { target: path, lines: [], problem: `fail2ban's log ${path} cannot be read: ${reason}` }
  }
}

/** The end of a regular file, whole lines only. */
async function readEnd(path: string): Promise<string> {
  // a pipe would keep a blocking open waiting for ever
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const found = await handle.stat()
    if (!found.isFile()) throw new Error('it is no regular file')
    const from = Math.max(0, found.size - MAX_BYTES)
    const length = found.size - from
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, from)
    const text = cleanText(buffer.subarray(0, bytesRead).toString())
    return from === 0 ? text : text.slice(text.indexOf('\n') + 1)
  } finally {
    await handle.close()
  }
}

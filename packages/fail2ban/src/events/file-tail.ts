import { watch, type FSWatcher } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import type { EventSourceStatus } from '@bangui/shared'
import { createLogFollower, type LogCursor, type LogFollower, type LogState } from './follow-log.ts'
import { createLogForm } from './log-form.ts'
import type { LogTail, OnChange } from './log-tail.ts'
import { parseLogLine } from './parse-log-line.ts'
import type { Teller } from './tell.ts'

export interface FileTailOptions {
  readonly path: string
  readonly cursor: LogCursor | undefined
  readonly teller: Teller
  readonly onChange: OnChange
}

/** Reads fail2ban's log file as it grows. */
export function createFileTail({ path, cursor, teller, onChange }: FileTailOptions): LogTail {
  const follower = createLogFollower(path, cursor)
  const watcher = createFolderWatch(path, onChange)
  const form = createLogForm()
  return {
    async read() {
      const lines = await follower.read()
      if (lines === undefined) {
        await watcher.ensure()
        await form.look(path)
      }
      return lines?.flatMap((text) => {
        form.see(text)
        const line = parseLogLine(text)
        return line ? [teller.tell(line.fact, line)] : []
      })
    },
    cursor: () => follower.cursor(),
    isSettled: () => true,
    status() {
      const state = follower.state()
      const strange = form.strange()
      if (state.state === 'ok' && strange !== null) return describeStrange(path, strange)
      return withPassedOver(describe(path, state), follower.passedOver())
    },
    async close() {
      watcher.close()
      await follower.close()
    },
  }
}

/** Watches the folder of a log for what happens to it and its rotated names; where that fails, only the poll is left. */
function createFolderWatch(path: string, onChange: OnChange) {
  let watcher: FSWatcher | undefined
  let isClosed = false
  const close = () => {
    watcher?.close()
    watcher = undefined
  }
  const ensure = async () => {
    if (watcher || isClosed) return
    const target = await realpath(path).catch(() => path)
    if (isClosed || watcher) return
    const name = basename(target)
    try {
      watcher = watch(dirname(target), { persistent: false }, (_, changed) => {
        if (changed === null || changed.startsWith(name)) onChange()
      })
      // a folder that is removed, or a watch that the system takes back
      watcher.on('error', close)
      // what was written before the watch began
      onChange()
    } catch {
      watcher = undefined
    }
  }
  return {
    ensure,
    close() {
      isClosed = true
      close()
    },
  }
}

const describeStrange = (path: string, line: string): EventSourceStatus => ({
  kind: 'file',
  path,
  state: 'unsupported',
  message: `fail2ban writes its log ${path} in a form that BanGUI does not know, such as “${line}”. Bans are seen within a minute, from fail2ban's database and counts; failed attempts are not. To see all of it at once, remove format=… from logtarget in fail2ban.local and restart fail2ban.`,
})

function withPassedOver(
  status: EventSourceStatus,
  passedOver: ReturnType<LogFollower['passedOver']>,
): EventSourceStatus {
  if (status.state !== 'following' || passedOver === null) return status
  const { path, reason } = passedOver
  return {
    ...status,
    message: `The rotated log ${path} could not be unpacked (${reason}) and was passed over: failed attempts and unbans that only it tells are missing. Bans are taken from fail2ban's database, as far as it has them.`,
  }
}

function describe(path: string, { state, code }: LogState): EventSourceStatus {
  const at = { kind: 'file', path } as const
  switch (state) {
    case 'ok':
      return { ...at, state: 'following', message: null }
    case 'missing':
      return {
        ...at,
        state: 'missing',
        message: `fail2ban's log ${path} is not there. BanGUI waits for it; is fail2ban started, and is the folder of its log mounted where BanGUI runs?`,
      }
    case 'unreadable':
      return {
        ...at,
        state: 'unreadable',
        message: `BanGUI (user ${process.getuid?.() ?? 'unknown'}) may not read fail2ban's log ${path} (${code ?? 'unknown error'}). Let it: add its user to the group of the file, or run: setfacl -m u:${process.getuid?.() ?? 'bangui'}:r ${path}`,
      }
    case 'unsupported':
      return {
        ...at,
        state: 'unsupported',
        message: `fail2ban logs to ${path}, which is no regular file. Set logtarget to a file, or to SYSTEMD-JOURNAL.`,
      }
  }
}

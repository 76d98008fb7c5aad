import { watch, type FSWatcher } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import type { EventSourceStatus } from '@bangui/shared'
import { createLogFollower, type LogCursor, type LogFollower, type LogState } from './follow-log.ts'
import { createLogForm } from './log-form.ts'
import type { LogTail, OnChange } from './log-tail.ts'
import { findLastLine } from './last-line.ts'
import { parseLogLine } from './parse-log-line.ts'
import type { Timestamper } from './timestamp-lines.ts'
import { createLineWrittenAt } from './line-written-at.ts'

export interface FileTailOptions {
  readonly path: string
  readonly cursor: LogCursor | undefined
  readonly timestamper: Timestamper
  readonly onChange: OnChange
  /** milliseconds since the epoch */
  readonly clock: () => number
}

/** Reads fail2ban's log file as it grows. */
export function createFileTail({ path, cursor, timestamper, onChange, clock }: FileTailOptions): LogTail {
  const follower = createLogFollower(path, cursor)
  const watcher = createFolderWatch(path, onChange)
  const form = createLogForm()
  const writing = createLineWrittenAt(clock)
  /** where the lines begin that the timestamper holds; undefined: it holds none */
  let held: { readonly from: LogCursor | undefined } | undefined

  const take = async (lines: readonly string[]) => {
    for (const text of lines) form.see(text)
    return timestamper.add(
      lines.flatMap((text) => parseLogLine(text) ?? []),
      writing.span(),
    )
  }

  return {
    async read() {
      const before = follower.cursor()
      const isEnd = writing.begin()
      const lines = await follower.read()
      if (lines !== undefined) {
        const records = await take(lines)
        held = timestamper.isHolding() ? (held ?? { from: before }) : undefined
        return records
      }
      await watcher.ensure()
      await form.look(path)
      if (follower.state().state === 'ok') isEnd()
      const records = await timestamper.finish(() => findLastLine(path))
      held = undefined
      return records.length > 0 ? records : undefined
    },
    cursor: () => (held ? held.from : follower.cursor()),
    isSettled: () => true,
    status() {
      const state = follower.state()
      const strange = form.strange()
      if (state.state === 'ok' && strange !== null) return describeStrange(path, strange)
      return withNotes(describe(path, state), [skippedNote(follower.skipped()), doubtNote(timestamper)])
    },
    async close() {
      watcher.close()
      await follower.close()
    },
  }
}

/** Observes the folder of a log for changes of it and its rotated names; where that fails, only the poll is left. */
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
      // the folder was removed, or the system ended the observation
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
  message: `fail2ban writes its log ${path} in a format that BanGUI does not recognize, such as “${line}”. Bans appear within ten seconds, because BanGUI reads fail2ban's database and ban counts instead; failed attempts do not appear. To see all events immediately, remove format=… from logtarget in fail2ban.local and restart fail2ban.`,
})

function withNotes(status: EventSourceStatus, notes: readonly (string | null)[]): EventSourceStatus {
  const found = notes.filter((note) => note !== null)
  return status.state !== 'following' || found.length === 0 ? status : { ...status, message: found.join(' ') }
}

function skippedNote(skipped: ReturnType<LogFollower['skipped']>): string | null {
  if (skipped === null) return null
  const { path, reason } = skipped
  return `The rotated log ${path} could not be unpacked (${reason}) and was skipped: failed attempts and unbans that only this log contains are missing. Bans are taken from fail2ban's database, as far as it has them.`
}

function doubtNote(timestamper: Timestamper): string | null {
  const count = timestamper.doubtfulCount()
  if (count === 0) return null
  return `${count === 1 ? 'One line' : `${count.toLocaleString('en')} lines`} of fail2ban's log ${count === 1 ? 'was' : 'were'} written by a run of fail2ban whose time zone BanGUI does not know, and may be dated wrongly by hours. Bans have their right time as far as fail2ban's database has them.`
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
        message: `fail2ban's log ${path} does not exist yet. Check that fail2ban is running, and that the folder of its log is mounted where BanGUI runs. BanGUI reads the log as soon as it exists.`,
      }
    case 'unreadable':
      return {
        ...at,
        state: 'unreadable',
        message: `BanGUI (user ${process.getuid?.() ?? 'unknown'}) may not read fail2ban's log ${path} (${code ?? 'unknown error'}). To allow this, add BanGUI's user to the group of the file, or run: setfacl -m u:${process.getuid?.() ?? 'bangui'}:r ${path}`,
      }
    case 'unsupported':
      return {
        ...at,
        state: 'unsupported',
        message: `fail2ban logs to ${path}, which is not a regular file. Set logtarget to a file, or to SYSTEMD-JOURNAL.`,
      }
  }
}

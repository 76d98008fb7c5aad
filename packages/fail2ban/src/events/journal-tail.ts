import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import type { EventSourceStatus } from '@bangui/shared'
import { toolEnvironment } from '../tool-environment.ts'
import { parseJournalEntry, type JournalEntry } from './journal-entry.ts'
import type { LogTail, OnChange } from './log-tail.ts'
import { createLineSplitter } from './split-lines.ts'
import type { Timestamper } from './timestamp-lines.ts'

/** Where a reader stands in the journal, as JSON. */
export interface JournalCursor {
  readonly cursor: string
  /** microseconds since the epoch of that entry */
  readonly at: number
}

/** A journalctl that runs. */
export interface JournalProcess {
  readonly output: Readable
  /** resolves when it has ended, with its error output */
  readonly ended: Promise<string>
  kill(): void
}

/** Starts a program with its arguments, without a shell. */
export type SpawnJournal = (command: readonly string[]) => JournalProcess

export interface JournalTailOptions {
  readonly cursor: JournalCursor | undefined
  readonly timestamper: Timestamper
  readonly onChange: OnChange
  /** milliseconds since the epoch */
  readonly clock: () => number
  /** @default journalctl itself */
  readonly spawn?: SpawnJournal | undefined
}

/** Only fields that journald itself vouches for: anybody can log under any identifier. */
const matches = ['_SYSTEMD_UNIT=fail2ban.service', '+', '_UID=0', '_COMM=fail2ban-server']
const base = [
  'journalctl',
  '--quiet',
  '--follow',
  '--output=json',
  '--output-fields=MESSAGE,LOGGER,SYSLOG_IDENTIFIER,_PID',
]
/** Entries that are read of a journal that was never read before. */
const MAX_FIRST_ENTRIES = 200_000
const MAX_WAITING = 2000
const MAX_READ_ENTRIES = 500
/** journald and journalctl hand an entry on within it */
const DELIVERY_MS = 250
const backOff = [200, 1000, 5000, 30_000] as const

/**
 * Returns the command that prints the entry at a cursor and everything after it. `--after-cursor` would leave out one
 * more entry if the journal no longer has the one at the cursor.
 */
const journalCommand = (cursor: JournalCursor | undefined): readonly string[] => [
  ...base,
  ...(cursor ? ['--no-tail', `--cursor=${cursor.cursor}`] : [`--lines=${MAX_FIRST_ENTRIES}`]),
  ...matches,
]

/** The command for a cursor that the journal no longer takes. */
const commandSince = ({ at }: JournalCursor): readonly string[] => [
  ...base,
  '--no-tail',
  `--since=@${Math.floor(at / 1e6)}`,
  ...matches,
]

/** An entry that was moved from memory to the disk is another in its file and number only. */
const identityOf = (cursor: string): string => cursor.replace(/^s=[^;]*;i=[^;]*;/, '')

const isSameEntry = (entry: JournalCursor, other: JournalCursor | undefined): boolean =>
  other !== undefined && entry.at === other.at && identityOf(entry.cursor) === identityOf(other.cursor)

/** Reads what fail2ban writes to the journal; journalctl is started again whenever it ends. */
export function createJournalTail(options: JournalTailOptions): LogTail {
  const { timestamper, onChange, clock, spawn: start = spawnJournal } = options
  const waiting: JournalEntry[] = []
  let cursor = options.cursor
  /** of the last entry that was taken from journalctl */
  let taken = options.cursor
  let running: JournalProcess | undefined
  let problem: string | null = null
  let failures = 0
  let startAt = Number.NEGATIVE_INFINITY
  let lastChangeAt = clock()
  let isClosed = false

  const run = () => {
    const isLost = failures > 1 && taken !== undefined
    const after = taken?.at ?? 0
    const child = start(isLost && taken ? commandSince(taken) : journalCommand(taken))
    const lines = createLineSplitter()
    running = child
    lastChangeAt = clock()
    child.output.on('data', (bytes: Buffer) => {
      lastChangeAt = clock()
      for (const line of lines.push(bytes)) {
        const entry = parseJournalEntry(line)
        if (!entry || (isLost && entry.at <= after) || isSameEntry(entry, taken)) continue
        failures = 0
        problem = null
        taken = { cursor: entry.cursor, at: entry.at }
        waiting.push(entry)
      }
      if (waiting.length > MAX_WAITING) child.output.pause()
      onChange()
    })
    void child.ended.then((errorText) => {
      running = undefined
      startAt = clock() + (backOff[Math.min(failures, backOff.length - 1)] ?? 0)
      failures++
      problem = errorText.trim().slice(0, 500)
      if (!isClosed) onChange()
    })
  }

  return {
    read: async () => {
      if (!running && !isClosed && clock() >= startAt) run()
      if (waiting.length === 0) return undefined
      const entries = waiting.splice(0, MAX_READ_ENTRIES)
      if (waiting.length < MAX_WAITING / 2) running?.output.resume()
      const last = entries.at(-1)
      if (last) cursor = { cursor: last.cursor, at: last.at }
      return entries.flatMap(({ fact, at, pid }) =>
        fact ? [timestamper.stamp(fact, { at: Math.floor(at / 1000), pid })] : [],
      )
    },
    cursor: () => cursor,
    isSettled: (since) => waiting.length === 0 && clock() - Math.max(lastChangeAt, since) >= DELIVERY_MS,
    status: () => describe(running !== undefined || failures < 2 ? null : problem),
    async close() {
      isClosed = true
      running?.kill()
      await running?.ended
    },
  }
}

const describe = (problem: string | null): EventSourceStatus => ({
  kind: 'journal',
  path: null,
  state: problem === null ? 'following' : 'unreadable',
  message:
    problem === null
      ? null
      : `fail2ban logs to the journal, but BanGUI cannot read the journal: ${problem || 'journalctl ended without output'}. Check that journalctl is installed and that BanGUI's user is in the group systemd-journal.`,
})

const MAX_ERROR = 4096

const spawnJournal: SpawnJournal = ([program = '', ...args]) => {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: toolEnvironment })
  let errorText = ''
  child.stderr.on('data', (bytes: Buffer) => {
    errorText = (errorText + bytes.toString()).slice(-MAX_ERROR)
  })
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', () => resolve(errorText))
  })
  return { output: child.stdout, ended, kill: () => void child.kill() }
}

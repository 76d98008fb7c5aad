import { nextTurn } from '@bangui/async'
import { createLineSplitter } from '../../events/split-lines.ts'
import { runTool } from '../../host/run-tool.ts'
import { ownJournalMatches } from '../../logs/journal-lines.ts'
import type { OwnLogSeen } from '../seen/own-log-seen.ts'
import { parseJournalRecord, type JournalRecord } from './journal-records.ts'
import { createLogFacts } from './log-facts.ts'

const DEADLINE_MS = 10_000
/** Entries that are read in a run; of a journal that was never read before, the last ones. */
const MAX_ENTRIES = 20_000
const RECORDS_PER_TURN = 500

/** Prints entries of the journal as JSON. @throws an error where it cannot */
export type PrintJournal = (
  args: readonly string[],
  onStdout: (chunk: Buffer) => void,
) => Promise<{ readonly ok: boolean; readonly output: string }>

/** Reads fail2ban's log in the journal, each time from where it stopped. */
export interface OwnJournalReader {
  /** @throws an error with the reason where the journal cannot be read */
  read(): Promise<OwnLogSeen>
}

/** Creates the reader. */
export function createOwnJournalReader(
  clock: () => number,
  print: PrintJournal = printJournal,
): OwnJournalReader {
  const facts = createLogFacts()
  let cursor: string | undefined
  return {
    async read() {
      const records: JournalRecord[] = []
      const lines = createLineSplitter()
      const since = cursor === undefined ? [] : [`--after-cursor=${cursor}`]
      const args = [...since, `--lines=${MAX_ENTRIES}`, ...ownJournalMatches.split(' ')]
      const { ok, output } = await print(args, (chunk) => {
        for (const line of lines.push(chunk)) {
          const found = parseJournalRecord(line)
          if (found && records.length < MAX_ENTRIES) records.push(found)
        }
      })
      if (!ok) throw new Error(output.trim().split('\n').at(-1)?.slice(0, 200) ?? '')
      for (const [index, { at, record, cursor: place }] of records.entries()) {
        if (index % RECORDS_PER_TURN === RECORDS_PER_TURN - 1) await nextTurn()
        if (record) facts.add(record, at)
        cursor = place
      }
      facts.endAt(clock())
      return facts.seen('the journal')
    },
  }
}

const printJournal: PrintJournal = (args, onStdout) =>
  runTool(
    [
      'journalctl',
      '--quiet',
      '--no-pager',
      '--output=json',
      '--output-fields=MESSAGE,LOGGER,PRIORITY,SYSLOG_IDENTIFIER,_PID',
      ...args,
    ],
    { deadline: DEADLINE_MS, onStdout },
  )

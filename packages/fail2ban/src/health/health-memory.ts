import { createClockWatch, type ClockWatch } from './clock-watch.ts'
import { createGrowthWatch, type GrowthWatch } from './growth-watch.ts'
import { createOwnJournalReader, type OwnJournalReader } from './own-log/own-journal-reader.ts'
import { createOwnLogReader, type OwnLogReader } from './own-log/own-log-reader.ts'

/** What a host remembers from run to run, for as long as BanGUI runs. */
export interface HealthMemory {
  readonly ownLog: OwnLogReader
  readonly ownJournal: OwnJournalReader
  readonly clock: ClockWatch
  readonly growth: GrowthWatch
  /** what tools said that takes long to find out, by what it depends on */
  readonly answers: Map<string, { readonly key: string; readonly value: unknown }>
}

/** Creates an empty memory. */
export const createHealthMemory = (clock: () => number): HealthMemory => ({
  ownLog: createOwnLogReader(clock),
  ownJournal: createOwnJournalReader(clock),
  clock: createClockWatch(() => performance.now()),
  growth: createGrowthWatch(),
  answers: new Map(),
})

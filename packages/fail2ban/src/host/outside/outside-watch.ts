import { mutex } from '@bangui/async'
import { randomUUID } from 'node:crypto'
import { relative } from 'node:path'
import type { KnownIndex, OutsideEntry, Time } from '@bangui/shared'
import type { ChangeStore } from '../saved-change.ts'
import { collectDifference, type Difference } from './difference.ts'
import { createKnownConfig } from './known-config.ts'
import { continueEntry, entryOf, type NewEntry } from './outside-entry.ts'
import { scanConfig } from './scan-config.ts'
import { hashOf } from '../../hash-of.ts'

/** How many entries a host remembers, for a server that does not know them yet. */
const MAX_ENTRIES = 50
/** How much earlier than the last look a change of BanGUI can have begun that a crash cut off. */
const CUT_OFF_MS = 10 * 60_000

/** Notices what others do to the files of the configuration. */
export interface OutsideWatch {
  /** Notes a file that BanGUI has written, or removed (`content` null). */
  noteOwn(path: string, content: Uint8Array | null): void
  /**
   * Compares the files with those of the last look, and saves what somebody else has changed. A file is read only where its size or time
   * differs. Returns the entries that were noticed after a time. @throws ConfigUnreadableError, ConfigUnwritableError
   */
  look(after: Time): Promise<OutsideEntry[]>
}

export interface OutsideWatchOptions {
  readonly configDir: string
  readonly stateDir: string
  readonly changes: ChangeStore
  readonly clock: () => number
}

/** Creates the {@link OutsideWatch} of a host. Its first look ever only remembers what is there. */
export function createOutsideWatch({
  configDir,
  stateDir,
  changes,
  clock,
}: OutsideWatchOptions): OutsideWatch {
  const known = createKnownConfig(stateDir)
  const oneLook = mutex()
  let own = new Map<string, Uint8Array | null>()
  let index: KnownIndex | undefined
  let isFirst = true
  let lastLook: number | undefined
  /** the last entry, while nothing but further looks came after it */
  let current: OutsideEntry | undefined

  const takeOwn = () => {
    const taken = own
    own = new Map()
    return taken
  }

  const cutOff = (since: number) => async (path: string, hash: string | null) => {
    const recent = await changes.listSince(since - CUT_OFF_MS)
    return recent.some(
      (change) =>
        change.outside === undefined &&
        [...change.files, ...change.written].some(
          (file) => file.path === path && (file.content && hashOf(file.content)) === hash,
        ),
    )
  }

  const save = async (difference: Difference, since: number): Promise<OutsideEntry | undefined> => {
    // a clock that was set back hides no entry
    const now = Math.max(clock(), (index?.entries.at(-1)?.at ?? 0) + 1)
    const entry: NewEntry = { id: randomUUID(), at: now, since, configDir }
    const continued = current && (await continueEntry(changes, { entry, difference, last: current }))
    const made = continued ?? entryOf(entry, difference)
    if (made === undefined) return undefined
    await changes.save(made.change)
    return made.entry
  }

  const lookOnce = async (): Promise<readonly OutsideEntry[]> => {
    const now = clock()
    const taken = takeOwn()
    index ??= await known.read()
    if (index?.configDir !== configDir) index = undefined
    const stamps = await scanConfig(configDir)
    const found = await collectDifference(
      { configDir, known, index, isOwn: isFirst && index !== undefined ? cutOff(index.at) : undefined },
      stamps,
      new Map([...taken].map(([path, content]) => [relative(configDir, path), content])),
    )
    if (taken.size > 0) current = undefined
    const since = lastLook ?? index?.at ?? now
    const entry = index !== undefined && found.changed.length > 0 ? await save(found, since) : undefined
    if (entry !== undefined || found.isStale || index === undefined) {
      const entries = [...(index?.entries ?? []), ...(entry ? [entry] : [])]
      const kept = entries.filter(({ id }) => id !== entry?.replaces).slice(-MAX_ENTRIES)
      index = { version: 1, configDir, at: now, files: found.files, entries: kept }
      await known.write(index, found.copies)
      if (entry?.replaces) await changes.forget(entry.replaces)
    }
    if (entry !== undefined) current = entry
    isFirst = false
    lastLook = now
    return index.entries
  }

  return {
    noteOwn: (path, content) => void own.set(path, content),
    look: (after) =>
      oneLook(async () => {
        const before = new Map(own)
        try {
          return (await lookOnce()).filter(({ at }) => at > after)
        } catch (error) {
          // what BanGUI wrote is still to be told apart at the next look
          own = new Map([...before, ...own])
          throw error
        }
      }),
  }
}

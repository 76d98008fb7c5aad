import type { IgnoreRecord } from '@bangui/db'
import type { ConfiguredIgnores, IgnoresEdit, RunningIgnores } from '@bangui/fail2ban'
import { MANUAL_JAIL } from '@bangui/shared'

/** Everything that decides what has to be done for the allow list of a host. */
export interface IgnoreWorld {
  readonly entries: readonly IgnoreRecord[]
  /** null: fail2ban cannot be asked */
  readonly running: readonly RunningIgnores[] | null
  /** null: the configuration cannot be read */
  readonly configured: ConfiguredIgnores | null
  readonly now: number
}

/** What a running jail has to get and lose. */
export interface PlannedSet {
  readonly jail: string
  readonly add: readonly string[]
  readonly remove: readonly string[]
}

/** Which sections of the configuration have to get and lose entries. */
export interface PlannedWrite extends Pick<IgnoresEdit, 'add' | 'remove'> {
  /** by the id of the entry, the sections that have it because of BanGUI afterwards */
  readonly sections: ReadonlyMap<number, readonly string[]>
}

/** Returns whether a plan changes anything. */
export const hasWork = ({ add, remove, sections }: PlannedWrite): boolean =>
  add.length + remove.length + sections.size > 0

type Entry = Pick<IgnoreRecord, 'jail' | 'expiresAt' | 'removedBy'>

/** Returns whether the end of an entry has come. One that somebody removed does not come back when the clock is set back. */
export const hasEnded = (
  { expiresAt, removedBy }: Pick<IgnoreRecord, 'expiresAt' | 'removedBy'>,
  now: number,
): boolean => removedBy !== null || (expiresAt !== null && expiresAt <= now)

/** Returns whether an entry of every host has ended here, and only other hosts still have it. */
export const isOnlyElsewhere = (
  entry: Pick<IgnoreRecord, 'expiresAt' | 'removedBy' | 'isElsewhere'>,
  now: number,
): boolean => entry.isElsewhere && hasEnded(entry, now)

/** Returns whether an entry is meant for a jail. */
export const isFor = ({ jail }: Pick<IgnoreRecord, 'jail'>, name: string): boolean =>
  jail === null || jail === name

const isActive = (entry: Entry, now: number) => !hasEnded(entry, now)

/** Returns the list that a jail gets from the configuration: its own, or that of `DEFAULT`. */
export function listOf({ sections }: ConfiguredIgnores, jail: string) {
  const found = sections.find(({ section }) => section === jail)
  return found ?? sections.find(({ section }) => section === 'DEFAULT') ?? { section: 'DEFAULT', entries: [] }
}

/** Returns what running jails have to get and lose, so that entries hold in them, and those that have ended no longer do. */
export function planSets({ entries, running, configured, now }: IgnoreWorld): PlannedSet[] {
  const sets = (running ?? []).map(({ jail, entries: has }) => {
    const there = new Set(has)
    const own = entries.filter((entry) => isFor(entry, jail))
    const wanted = new Set(own.filter((entry) => isActive(entry, now)).map(({ address }) => address))
    const ended = own.filter((entry) => hasEnded(entry, now) && !wanted.has(entry.address))
    const isOthers = (entry: IgnoreRecord) => configured !== null && hasOthers(entry, configured, jail)
    return {
      jail,
      add: [...wanted].filter((address) => !there.has(address)),
      remove: [
        ...new Set(
          ended.filter((entry) => there.has(entry.address) && !isOthers(entry)).map(({ address }) => address),
        ),
      ],
    }
  })
  return sets.filter(({ add, remove }) => add.length + remove.length > 0)
}

/** Returns whether a jail has an entry also because somebody else wrote it into the configuration. */
function hasOthers(
  { address, sections }: IgnoreRecord,
  configured: ConfiguredIgnores,
  jail: string,
): boolean {
  const list = listOf(configured, jail)
  if (!list.entries.some(({ entry }) => entry === address)) return false
  // a list of a jail can take up that of [DEFAULT]
  return !sections.includes(list.section) && !sections.includes('DEFAULT')
}

/** Returns the sections that an entry is meant to be in: that of its jail, or `DEFAULT` and every list of a jail's own. */
export function wantedSections(
  { jail }: Pick<IgnoreRecord, 'jail'>,
  configured: ConfiguredIgnores,
): string[] {
  if (jail === null) return configured.sections.map(({ section }) => section)
  return configured.jails.some((one) => one.jail === jail) ? [jail] : []
}

/** Returns the sections that lack an entry. A jail without a list of its own has that of `DEFAULT`. */
export const missingSections = (entry: IgnoreRecord, configured: ConfiguredIgnores): string[] =>
  wantedSections(entry, configured).filter(
    (section) => !listOf(configured, section).entries.some((each) => each.entry === entry.address),
  )

/**
 * Returns what has to be written. What somebody else has removed from a section since BanGUI wrote it there is not written again; a
 * list that a jail has got since is. An entry that has ended stays where another one wants the same.
 */
export function planWrite({ entries, configured, now }: IgnoreWorld): PlannedWrite {
  const sections = new Map<number, readonly string[]>()
  if (configured === null) return { add: [], remove: [], sections }
  const active = entries.filter((entry) => isActive(entry, now))
  const add: IgnoresEdit['add'][number][] = []
  for (const entry of active) {
    const known = entry.writtenAt === null ? [] : entry.sections
    const missing = missingSections(entry, configured).filter((section) => !known.includes(section))
    if (missing.length === 0) continue
    add.push({ entry: entry.address, jail: entry.jail })
    sections.set(entry.id, [...new Set([...entry.sections, ...missing])])
  }
  const remove: IgnoresEdit['remove'][number][] = []
  for (const entry of entries.filter((each) => hasEnded(each, now) && each.sections.length > 0)) {
    const heirs = active.filter(({ address }) => address === entry.address)
    const heirOf = (section: string) => heirs.find((heir) => heir.jail === null || heir.jail === section)
    const gone = entry.sections.filter((section) => heirOf(section) === undefined)
    if (gone.length > 0) remove.push({ entry: entry.address, sections: gone })
    sections.set(entry.id, [])
    for (const section of entry.sections) {
      const heir = heirOf(section)
      if (heir) sections.set(heir.id, [...new Set([...(sections.get(heir.id) ?? heir.sections), section])])
    }
  }
  return { add, remove, sections }
}

/** Returns which jails have an entry now. A jail that reads no log bans nobody by itself, but ignores as well. */
export const jailsWith = (
  { address }: Pick<IgnoreRecord, 'address'>,
  running: readonly RunningIgnores[],
): string[] => running.flatMap(({ jail, entries }) => (entries.includes(address) ? [jail] : []))

/** Returns whether a jail only has the bans that people make. */
export const isManual = (jail: string): boolean => jail === MANUAL_JAIL

import { Fail2banUnavailableError } from './errors.ts'
import { cleanReplyText } from './wire/clean-reply-text.ts'

/** The numbers of one jail. Totals count from the start of the jail. */
export interface JailCounts {
  /** how the jail reads its logs; null where the daemon does not say (before 1.1.0) */
  readonly backend: string | null
  readonly currentlyFailed: number
  readonly totalFailed: number
  readonly currentlyBanned: number
  readonly totalBanned: number
}

/** The reply to `status <jail>`. */
export interface JailStatus extends JailCounts {
  /** log files that the jail reads; empty where it reads the journal */
  readonly logPaths: readonly string[]
  readonly journalMatches: readonly string[]
  /** ids of the bans, in the daemon's words; null where they were not asked for */
  readonly banned: readonly string[] | null
}

const maxJails = 10_000
const maxText = 64 * 1024

const refuse = (what: string): never => {
  throw new Fail2banUnavailableError('protocol_error', `fail2ban's reply has an unknown form: ${what}.`)
}

/** Reads a text of at most 64 KiB, as it is. */
export const readText = (value: unknown, what: string): string =>
  typeof value === 'string' && value.length <= maxText ? value : refuse(what)

/** Reads a count: a whole number, not negative. */
export const readCount = (value: unknown, what: string): number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : refuse(what)

/** Reads whole seconds, rounded where the daemon has a fraction; -1 is permanent. */
export const readSeconds = (value: unknown, what: string): number =>
  typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? Math.round(value) : refuse(what)

/** Reads a list of texts. */
export const readTexts = (value: unknown, what: string): readonly string[] => {
  if (!Array.isArray(value)) return refuse(what)
  const list: readonly unknown[] = value
  return list.every((item): item is string => typeof item === 'string' && item.length <= maxText)
    ? list
    : refuse(what)
}

/** Reads a list and keeps its texts: what else is in it, such as an object of a class, is left out. */
export const readTextsOnly = (value: unknown, what: string): readonly string[] =>
  Array.isArray(value)
    ? (value as readonly unknown[]).filter(
        (item): item is string => typeof item === 'string' && item.length <= maxText,
      )
    : refuse(what)

/** Reads the names of the files in the value of `get <jail> ignoreip`: objects of `FileIPAddrSet` (`ipdns.py`). */
export const readFileNames = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? (value as readonly unknown[]) : []).flatMap((item) => {
    if (typeof item !== 'object' || item === null || !('state' in item)) return []
    const { state } = item
    if (typeof state !== 'object' || state === null || !('fileName' in state)) return []
    const { fileName } = state
    return typeof fileName === 'string' && fileName !== '' && fileName.length <= maxText ? [fileName] : []
  })

/** Reads the value of `get <jail> banned <address>…`: `1` or `0`, in a list where there are several. */
export const readFlags = (value: unknown, count: number): readonly boolean[] => {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (list.length !== count) return refuse('banned')
  return list.map((flag) => readCount(flag, 'banned') > 0)
}

/** Reads the value of `banned <address>…`: a list of jails for each. */
export const readJailLists = (value: unknown, count: number): readonly (readonly string[])[] => {
  if (!Array.isArray(value) || value.length !== count) return refuse('banned')
  return (value as readonly unknown[]).map((jails) => readTexts(jails, 'banned'))
}

/** Reads `[(label, value), …]` as a map from label to value. */
const readRows = (value: unknown, what: string): ReadonlyMap<string, unknown> => {
  if (!Array.isArray(value)) return refuse(what)
  const rows = new Map<string, unknown>()
  for (const row of value as unknown[]) {
    if (!Array.isArray(row) || row.length !== 2 || typeof row[0] !== 'string') return refuse(what)
    rows.set(row[0], row[1])
  }
  return rows
}

/** Reads the value of `version`. */
export const readVersionReply = (value: unknown): string => {
  const version = cleanReplyText(readText(value, 'version'), 64)
  return version === '' ? refuse('version') : version
}

/**
 * Reads the value of `status`: the names of the jails that the daemon has, which stand in one text with `, ` between them.
 * Undefined where this text can be read in several ways, since a name has a comma and a space in it.
 */
export const readJailListReply = (value: unknown): string[] | undefined => {
  const rows = readRows(value, 'status')
  const text = rows.get('Jail list')
  const count = readCount(rows.get('Number of jail'), 'status')
  if (typeof text !== 'string' || text.length > maxJails * 255 || count > maxJails) return refuse('status')
  const names = count === 0 ? [] : text.split(', ')
  if (names.length < count) return refuse('status')
  return names.length === count ? names : undefined
}

/** Reads the value of `banned` (0.11.2) for the names of the jails: a list of `{jail: addresses}`. */
export const readBannedReply = (value: unknown): string[] => {
  if (!Array.isArray(value) || value.length > maxJails) return refuse('banned')
  return (value as readonly unknown[]).flatMap((entry) =>
    typeof entry === 'object' && entry !== null && !Array.isArray(entry)
      ? Object.keys(entry)
      : refuse('banned'),
  )
}

/** Reads the value of `status <jail>` in its flavors `basic` and `short`. */
export const readJailStatusReply = (value: unknown): JailStatus => {
  const what = 'status of a jail'
  const parts = readRows(value, what)
  const filter = readRows(parts.get('Filter'), what)
  const actions = readRows(parts.get('Actions'), what)
  const banned = actions.get('Banned IP list')
  return {
    backend: null,
    currentlyFailed: readCount(filter.get('Currently failed'), what),
    totalFailed: readCount(filter.get('Total failed'), what),
    currentlyBanned: readCount(actions.get('Currently banned'), what),
    totalBanned: readCount(actions.get('Total banned'), what),
    logPaths: filter.has('File list') ? readTexts(filter.get('File list'), what) : [],
    journalMatches: filter.has('Journal matches') ? readTexts(filter.get('Journal matches'), what) : [],
    banned: banned === undefined ? null : readTexts(banned, what),
  }
}

/** Reads the value of `stats` (1.1.0): the numbers of every jail. */
export const readStatsReply = (value: unknown): ReadonlyMap<string, JailCounts> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse('stats')
  const counts = new Map<string, JailCounts>()
  for (const [name, entry] of Object.entries(value)) counts.set(name, readStatsEntry(entry))
  return counts
}

/** Reads one jail's entry of `stats`: `[backend, (failed now, failed ever), (banned now, banned ever)]`. */
const readStatsEntry = (value: unknown): JailCounts => {
  const what = 'stats'
  if (!Array.isArray(value) || value.length !== 3) return refuse(what)
  const [backend, failed, banned] = value as unknown[]
  if (!Array.isArray(failed) || !Array.isArray(banned)) return refuse(what)
  return {
    backend: backend === null ? null : cleanReplyText(readText(backend, what), 64),
    currentlyFailed: readCount(failed[0], what),
    totalFailed: readCount(failed[1], what),
    currentlyBanned: readCount(banned[0], what),
    totalBanned: readCount(banned[1], what),
  }
}

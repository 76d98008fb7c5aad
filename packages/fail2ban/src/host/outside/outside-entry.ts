import { join } from 'node:path'
import type { OutsideEntry } from '@bangui/shared'
import type { ChangeStore, SavedChange } from '../saved-change.ts'
import type { ChangedFile, Difference } from './difference.ts'

/** How much of one change is kept, in bytes: an upgrade of fail2ban changes all its files. */
const MAX_BYTES = 4 * 1024 * 1024
/** The most files of one change of which something is kept. */
const MAX_FILES = 1000
/** How soon after the last look a further change belongs to the same entry: an upgrade takes a while. */
const CONTINUES_MS = 150_000
/** How long an entry may go on. */
const MAX_LENGTH_MS = 3_600_000

export interface NewEntry {
  readonly id: string
  readonly at: number
  /** when the files were last seen as before */
  readonly since: number
  readonly configDir: string
}

export interface MadeEntry {
  readonly entry: OutsideEntry
  readonly change: SavedChange
}

/** Returns a difference as a change; undefined: nothing differs. */
export const entryOf = (entry: NewEntry, { changed }: Pick<Difference, 'changed'>): MadeEntry | undefined =>
  changed.length === 0 ? undefined : made(entry, changed, {})

export interface Continuation {
  readonly entry: NewEntry
  readonly difference: Pick<Difference, 'changed'>
  readonly last: OutsideEntry
}

/** Returns the last change together with a further difference; undefined: it is over, or nothing of it is left. */
export async function continueEntry(
  changes: Pick<ChangeStore, 'get'>,
  { entry, difference, last }: Continuation,
): Promise<MadeEntry | undefined> {
  if (entry.at - last.at > CONTINUES_MS || entry.at - last.began > MAX_LENGTH_MS) return undefined
  const change = await changes.get(last.id).catch(() => undefined)
  if (change?.outside === undefined) return undefined
  const further = new Map(difference.changed.map((file) => [join(entry.configDir, file.path), file]))
  const files = new Map<string, ChangedFile>()
  for (const { path, content, ...attributes } of change.files) {
    const inside = path.slice(entry.configDir.length + 1)
    const more = further.get(path)
    const written = change.written.find((file) => file.path === path)?.content ?? null
    const after = more === undefined ? written : more.after
    const omitted = more?.omitted ?? false
    files.set(inside, { path: inside, before: content, after, attributes, omitted })
  }
  for (const path of change.outside.omitted) {
    const inside = path.slice(entry.configDir.length + 1)
    files.set(inside, { path: inside, before: null, after: null, attributes: unknown, omitted: true })
  }
  for (const file of difference.changed) if (!files.has(file.path)) files.set(file.path, file)
  const left = [...files.values()].filter((file) => file.omitted || !isSame(file.before, file.after))
  if (left.length === 0) return undefined
  return made({ ...entry, since: change.outside.since }, left, { began: last.began, replaces: last.id })
}

const unknown = { mode: 0o644, uid: 0, gid: 0 }

const isSame = (one: Uint8Array | null, other: Uint8Array | null) =>
  one === null || other === null ? one === other : Buffer.compare(one, other) === 0

function made(
  { id, at, since, configDir }: NewEntry,
  changed: readonly ChangedFile[],
  { began = at, replaces = null }: { readonly began?: number; readonly replaces?: string | null },
): MadeEntry {
  let total = 0
  const kept: ChangedFile[] = []
  const omitted: string[] = []
  for (const file of changed) {
    total += (file.before?.length ?? 0) + (file.after?.length ?? 0)
    if (file.omitted || total > MAX_BYTES || kept.length >= MAX_FILES)
      omitted.push(join(configDir, file.path))
    else kept.push(file)
  }
  const title = titleOf(changed.map(({ path }) => path))
  const change: SavedChange = {
    id,
    title,
    createdAt: at,
    state: 'applied',
    load: [],
    runtime: [],
    expect: { before: [], running: [], stopped: [] },
    files: kept.map(({ path, before, attributes: { mode, uid, gid } }) => ({
      path: join(configDir, path),
      content: before,
      mode,
      uid,
      gid,
    })),
    written: kept.map(({ path, after }) => ({ path: join(configDir, path), content: after })),
    outside: { since, omitted },
  }
  const files = changed.map(({ path }) => join(configDir, path))
  return { change, entry: { id, title, at, began, replaces, files } }
}

/** Returns a few words for people. */
function titleOf(paths: readonly string[]): string {
  const names = paths.length <= 2 ? paths.join(' and ') : `${paths.length} files`
  return `Changed outside BanGUI: ${names}`.slice(0, 200)
}

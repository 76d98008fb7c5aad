import {
  deleteContent,
  findContent,
  forgetValidators,
  listVersions,
  saveContent,
  type ListContent,
  type StoredList,
} from '@bangui/db'
import {
  decodeEntries,
  countEntries,
  MAX_SHARE_OF_FORMER,
  MIN_SHARE_OF_FORMER,
  type ListEntries,
} from '@bangui/shared'
import { createHash } from 'node:crypto'
import type { HostDeps } from '../../deps.ts'
import { fetchList, type FetchedList } from './fetch-list.ts'
import { ListError } from './list-error.ts'
import { chunksOf, readList } from './read-list.ts'

export type ReadDeps = Pick<HostDeps, 'database' | 'fetchPublic' | 'clock' | 'log'>

/** The version of a list that is to be imported now, without its content. */
export interface NextVersion {
  readonly entries: ListEntries
  readonly hash: string
  readonly invalid: number
  /** it has the same entries as the version that was imported last */
  readonly isSame: boolean
  /** another version was held back until now */
  readonly wasHeld?: boolean
}

/** A version that waits until somebody confirms it. */
export interface HeldBack {
  readonly held: true
  readonly hash: string
  readonly entries: number
  readonly formerEntries: number
  /** it was held back before */
  readonly isKnown: boolean
}

/**
 * Reads what a blocklist has now, and stores it as the version that is imported next, or as one that is held back.
 * @throws ListError; the reason of the signal
 */
export async function readNext(
  deps: ReadDeps,
  list: StoredList,
  signal: AbortSignal,
): Promise<NextVersion | HeldBack> {
  const { db } = deps.database
  // an import that was cut off, or that somebody confirmed
  const next = await findVersion(deps, list, 'next')
  if (next) return { ...next, isSame: next.hash === (await currentHash(deps, list.id)) }
  const versions = (await listVersions(db, [list.id])).get(list.id) ?? []
  const current = versions.find(({ kind }) => kind === 'current')
  const held = versions.find(({ kind }) => kind === 'held')
  const answered = await readSource(deps, list, { signal, validators: held ?? current })
  if (!answered && held) return heldBack(held, current?.entries ?? 0, true)
  const stored = answered ? undefined : await findVersion(deps, list, 'current')
  if (stored) return { ...stored, isSame: true }
  // it has not changed, but what is stored of it cannot be read
  const found = answered ?? (await readSource(deps, list, { signal, validators: undefined }))
  if (!found) throw new ListError('The server answered that the list has not changed, but BanGUI has none.')
  const now = deps.clock()
  const content = contentOf(found, now)
  if (current && found.list.hash === current.hash) {
    // the same addresses in another form: a date in a comment
    await saveContent(db, list.id, { ...content, kind: 'current', at: current.at })
    return {
      entries: found.list.entries,
      hash: current.hash,
      invalid: found.list.invalid,
      isSame: true,
      wasHeld: held !== undefined,
    }
  }
  if (current && isSuspicious(content.entries, current.entries)) {
    await saveContent(db, list.id, { ...content, kind: 'held' })
    return heldBack(content, current.entries, held?.hash === content.hash)
  }
  await saveContent(db, list.id, { ...content, kind: 'next' })
  return { entries: found.list.entries, hash: content.hash, invalid: content.invalid, isSame: false }
}

/** Returns whether a version has suspiciously few or many entries. */
export const isSuspicious = (entries: number, former: number): boolean =>
  former > 0 && (entries < former * MIN_SHARE_OF_FORMER || entries > former * MAX_SHARE_OF_FORMER)

const heldBack = (
  { hash, entries }: Pick<ListContent, 'hash' | 'entries'>,
  formerEntries: number,
  isKnown: boolean,
): HeldBack => ({ held: true, hash, entries, formerEntries, isKnown })

async function currentHash({ database }: ReadDeps, listId: number): Promise<string | undefined> {
  const versions = (await listVersions(database.db, [listId])).get(listId) ?? []
  return versions.find(({ kind }) => kind === 'current')?.hash
}

/** Returns a stored version; undefined: there is none. One that is damaged counts as none, and is fetched again. */
async function findVersion(
  { database: { db }, log }: ReadDeps,
  { id }: StoredList,
  kind: 'next' | 'current',
): Promise<Omit<NextVersion, 'isSame'> | undefined> {
  const stored = await findContent(db, id, kind)
  if (!stored) return undefined
  const { content, hash, invalid } = stored
  const isWhole = createHash('sha256').update(content).digest('hex') === hash
  const entries = isWhole ? decodeEntries(content) : undefined
  if (entries) return { entries, hash, invalid }
  log.warn(
    { event: 'blocklist_version_damaged', list: id, kind },
    'a stored version of a blocklist is damaged, and is fetched again',
  )
  // how many entries the current one had still tells whether the next one is suspicious
  await (kind === 'next' ? deleteContent(db, id, kind) : forgetValidators(db, id))
  return undefined
}

function contentOf({ list, etag, lastModified }: FetchedList, at: number): ListContent {
  const { look, invalid, hash, content } = list
  const entries = countEntries(list.entries)
  return { kind: 'next', at, fileName: null, etag, lastModified, look, entries, invalid, hash, content }
}

interface Reading {
  readonly signal: AbortSignal
  readonly validators: Pick<ListContent, 'etag' | 'lastModified'> | undefined
}

/** Reads the file or the address of a blocklist; undefined: its server answered that it has not changed. */
async function readSource(
  { database, fetchPublic }: ReadDeps,
  list: StoredList,
  { signal, validators }: Reading,
): Promise<FetchedList | undefined> {
  const expected = { format: list.format, column: list.column }
  if (list.url !== null) return fetchList(fetchPublic, { url: list.url, expected, signal, validators })
  const upload = await findContent(database.db, list.id, 'upload')
  if (!upload) throw new ListError('The uploaded file is gone. Upload it again.')
  return { list: await readList(chunksOf(upload.content), expected, signal), etag: null, lastModified: null }
}

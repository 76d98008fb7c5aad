import { join } from 'node:path'
import type { KnownFile, KnownIndex } from '@bangui/shared'
import { MAX_KEPT_BYTES, type KnownConfig } from './known-config.ts'
import { readContent, type FileStamp } from './scan-config.ts'
import { hashOf } from '../../hash-of.ts'

/** How much of a configuration is kept as copies, in bytes. */
const MAX_TOTAL_BYTES = 16 * 1024 * 1024

/** A file that somebody else has changed; `null`: there was or is none. */
export interface ChangedFile {
  /** relative to the configuration folder */
  readonly path: string
  readonly before: Uint8Array | null
  readonly after: Uint8Array | null
  readonly attributes: Pick<FileStamp, 'mode' | 'uid' | 'gid'>
  /** what it had or has in it is not kept */
  readonly omitted: boolean
}

/** What is different from the last look. */
export interface Difference {
  readonly changed: readonly ChangedFile[]
  /** the files as they are now */
  readonly files: Record<string, KnownFile>
  readonly copies: ReadonlyMap<string, Uint8Array>
  /** the files as they were known are not those that are known now */
  readonly isStale: boolean
}

export interface LastLook {
  readonly configDir: string
  readonly known: KnownConfig
  /** undefined: this is the first look */
  readonly index: KnownIndex | undefined
  /** whether BanGUI wrote this before it was cut off; undefined: it was not */
  readonly isOwn: ((path: string, hash: string | null) => Promise<boolean>) | undefined
}

const newFile = { mode: 0o644, uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }

/** Returns what is different from the last look; `own` is what BanGUI itself has written since, by path. */
export async function collectDifference(
  { configDir, known, index, isOwn }: LastLook,
  stamps: ReadonlyMap<string, FileStamp | null>,
  own: ReadonlyMap<string, Uint8Array | null>,
): Promise<Difference> {
  const before = new Map(Object.entries(index?.files ?? {}))
  const files: Record<string, KnownFile> = {}
  const copies = new Map<string, Uint8Array>()
  const changed: ChangedFile[] = []
  let isStale = false
  let total = 0
  for (const path of [...new Set([...before.keys(), ...stamps.keys()])].toSorted()) {
    const last = before.get(path)
    const stamp = stamps.get(path)
    // nobody can tell what became of it
    if (stamp === null || (stamp === undefined && isInClosed(path, stamps))) {
      if (last !== undefined) files[path] = last
      continue
    }
    if (last !== undefined && stamp?.stamp === last.stamp && !own.has(path)) {
      files[path] = last
      total += last.kept ? last.size : 0
      continue
    }
    const now = stamp && (await readContent(join(configDir, path), stamp, MAX_KEPT_BYTES))
    if (stamp !== undefined && now === undefined) {
      if (last !== undefined) files[path] = last
      continue
    }
    isStale = true
    const content = now?.content ?? null
    const isKept = content !== null && total + content.length <= MAX_TOTAL_BYTES
    if (now !== undefined && stamp !== undefined) {
      files[path] = { stamp: stamp.stamp, hash: now.hash, size: stamp.size, kept: isKept }
      if (isKept) {
        copies.set(now.hash, content)
        total += content.length
      }
    }
    const base = await baseOf(known, last, own.get(path))
    const hash = now?.hash ?? null
    if (base.hash === hash || (await isOwn?.(join(configDir, path), hash)) === true) continue
    changed.push({
      path,
      before: base.content,
      after: content,
      attributes: stamp ?? newFile,
      omitted: (base.hash !== null && base.content === null) || (hash !== null && content === null),
    })
  }
  return { changed, files, copies, isStale }
}

/** A folder that may not be entered hides what is in it. */
const isInClosed = (path: string, stamps: ReadonlyMap<string, FileStamp | null>) =>
  path
    .split('/')
    .slice(0, -1)
    .some((_, depth, parts) => stamps.get(`${parts.slice(0, depth + 1).join('/')}/`) === null)

interface Base {
  /** null: there was no file */
  readonly hash: string | null
  /** null: there was no file, or nothing is kept of it */
  readonly content: Uint8Array | null
}

/** What BanGUI has written counts, else what was there at the last look. */
async function baseOf(
  known: KnownConfig,
  last: KnownFile | undefined,
  own: Uint8Array | null | undefined,
): Promise<Base> {
  if (own !== undefined) return { hash: own && hashOf(own), content: own }
  if (last === undefined) return { hash: null, content: null }
  const content = last.kept ? await known.content(last.hash) : undefined
  return { hash: last.hash, content: content ?? null }
}

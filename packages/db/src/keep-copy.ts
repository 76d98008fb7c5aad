import type BetterSqlite3 from 'better-sqlite3'
import { fsyncSync, closeSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { createPrivateFile } from './private-file.ts'

const MAX_COPIES = 3

/**
 * Copies the database to `<path>.before-<version>`, whole and synced to the disk, and removes the oldest copies
 * beyond {@link MAX_COPIES}. Returns the path of the copy.
 */
export function keepCopy(sqlite: BetterSqlite3.Database, path: string, version: number): string {
  const copy = `${path}.before-${version}`
  const unfinished = `${copy}.part`
  rmSync(unfinished, { force: true })
  try {
    createPrivateFile(unfinished)
    sqlite.prepare('vacuum into ?').run(unfinished)
    sync(unfinished)
    renameSync(unfinished, copy)
    sync(dirname(copy))
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw error
  }
  removeOldCopies(path)
  return copy
}

function sync(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function removeOldCopies(path: string): void {
  const prefix = `${basename(path)}.before-`
  const versions = readdirSync(dirname(path))
    .filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
    .map((name) => Number(name.slice(prefix.length)))
    .sort((a, b) => b - a)
  for (const version of versions.slice(MAX_COPIES))
    rmSync(join(dirname(path), `${prefix}${version}`), { force: true })
}

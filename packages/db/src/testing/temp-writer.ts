import BetterSqlite3 from 'better-sqlite3'
import { addressOfKey, LOCAL_HOST_ID } from '@bangui/shared'
import { onTestFinished } from 'vitest'
import { forward, type WorkerRpc } from '@bangui/async/worker'
import { createArchiveWriters } from '../archive/writer/archive-writer.ts'
import { openWriter, type WriterMethods } from '../archive/writer/open-writer.ts'
import { seconds } from './log-lines.ts'
import { openTempDatabase } from './temp-folder.ts'

/** Seconds after the start of the stories, all of which are over by then. */
const LATER = 366 * 86_400

/** A ban as a test reads it. */
export interface BanInFile {
  readonly id: number
  readonly address: string
  readonly jail: string
  readonly at: number
  readonly logged_at: number | null
  readonly confirmed: number
  readonly duration: number
  readonly until: number | null
  readonly active: number
  readonly end_reason: string | null
  readonly ended_by: string | null
  readonly country: string
  readonly times: number
  readonly attempts: number | null
  readonly by_kind: string
  readonly by_name: string | null
  readonly reason: string | null
  readonly operation_id: string | null
}

/** The archive's writer without its thread, on a file of its own, and a connection to look at what it wrote. */
export async function openTempWriter(given?: string, clock: () => number = () => seconds(LATER)) {
  const { path, migrate } = await openTempDatabase(given === undefined ? {} : { path: given })
  await migrate()
  const { handlers, close } = openWriter(path, clock)
  const context = {
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onItem: () => undefined,
  }
  const methods = handlers as unknown as Record<string, (...args: unknown[]) => unknown>
  const call = async (method: string, args: readonly unknown[]) => methods[method]?.(context, ...args)
  const rpc = { call, close: async () => close() } as unknown as WorkerRpc<WriterMethods>
  const sqlite = new BetterSqlite3(path, { readonly: true })
  onTestFinished(() => {
    sqlite.close()
    close()
  })
  const forHost = createArchiveWriters(rpc)
  const upkeep = forward(rpc, ['retain', 'setCountries'])
  const writer = { ...forHost(LOCAL_HOST_ID), ...upkeep }
  return { path, sqlite, forHost, writer, bans: () => listBans(sqlite) }
}

/** Every ban, by address, jail and time. */
export const listBans = (sqlite: BetterSqlite3.Database): BanInFile[] =>
  sqlite
    .prepare<[], Omit<BanInFile, 'address'> & { address: Uint8Array }>(
      `select bans.*, name as jail from bans join archive_jails on archive_jails.id = jail_id
        order by address, name, at`,
    )
    .all()
    .map((ban) => ({ ...ban, address: addressOfKey(ban.address) }))

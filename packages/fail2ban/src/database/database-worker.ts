import { parentPort } from 'node:worker_threads'
import { describeDatabaseFailure } from './database-failure.ts'
import { openDatabaseFile, type OpenFile } from './database-file.ts'
import { countBans } from './count-bans.ts'
import { findFirstBan } from './find-first-ban.ts'
import { findBanTimes } from './find-ban-times.ts'
import { listBans } from './list-bans.ts'
import type { PackedAddresses } from '../packed-addresses.ts'
import type { Question, WorkerReply, WorkerRequest } from './messages.ts'
import { readPage } from './read-page.ts'

let open: OpenFile | null = null

function answer({ database, identity }: OpenFile, [kind, query]: Question): unknown {
  switch (kind) {
    case 'page':
      return readPage(database, identity, query)
    case 'list':
      return listBans(database, query)
    case 'count':
      return countBans(database, query)
    case 'first':
      return findFirstBan(database)
    case 'times':
      return findBanTimes(database, query)
    case 'check':
      for (const table of ['bans', 'bips']) database.prepare(`select rowid from ${table} limit 1`).get()
      return null
  }
}

function reply({ id, path, question }: WorkerRequest): WorkerReply {
  try {
    open = openDatabaseFile(path, open)
    return { id, answer: answer(open, question) }
  } catch (error) {
    // the open database may be the cause
    open?.database.close()
    open = null
    return { id, failure: describeDatabaseFailure(path, error) }
  }
}

/** Addresses that were counted are handed over, not copied. */
function buffersOf(told: unknown): ArrayBuffer[] {
  if (typeof told !== 'object' || told === null || !('packed' in told)) return []
  const { keys, bans } = told.packed as PackedAddresses
  return [keys.buffer, bans.buffer]
}

parentPort?.on('message', (request: WorkerRequest) => {
  const told = reply(request)
  parentPort?.postMessage(told, 'answer' in told ? buffersOf(told.answer) : [])
})

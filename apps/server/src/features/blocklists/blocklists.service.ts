import {
  deleteContent,
  deleteList,
  findList,
  forgetValidators,
  insertList,
  listLists,
  listRuns,
  listVersions,
  saveContent,
  updateList,
  type ListVersion,
  type StoredList,
} from '@bangui/db'
import {
  MAX_UPLOAD_BYTES,
  type AddBlocklistInput,
  type Blocklist,
  type ImportRun,
  type UpdateBlocklistInput,
} from '@bangui/shared'
import { createHash } from 'node:crypto'
import type { HostDeps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'
import { nextRuns } from '../../lib/schedule.ts'
import { redactListUrl } from '../../redact-by-role.ts'
import type { Session } from '../auth/session.ts'
import { emitListEvent } from './import-events.ts'
import { scheduleWarnings } from './list-warnings.ts'
import { nextAtOf } from './start-import.ts'

/** How many of the next runs are shown, and how many blocklists a host may have. */
const MAX_NEXT_RUNS = 5
const MAX_LISTS = 100

/** Returns a blocklist. @throws AppError not_found */
export async function requireList({ hostDb }: Pick<HostDeps, 'hostDb'>, id: number): Promise<StoredList> {
  const list = await findList(hostDb, id)
  if (!list) throw new AppError('not_found')
  return list
}

/** Returns the blocklists of a host, by name. */
export async function listBlocklists(deps: HostDeps, role: Session['role']): Promise<Blocklist[]> {
  const lists = await listLists(deps.hostDb)
  const versions = await listVersions(
    deps.database.db,
    lists.map(({ id }) => id),
  )
  const shown: Blocklist[] = []
  for (const list of lists)
    shown.push(await describe(deps, { list, versions: versions.get(list.id) ?? [], role }))
  return shown
}

/** Returns a blocklist as lists show it. @throws AppError not_found */
export async function getBlocklist(deps: HostDeps, id: number, role: Session['role']): Promise<Blocklist> {
  const list = await requireList(deps, id)
  const versions = (await listVersions(deps.database.db, [id])).get(id) ?? []
  return describe(deps, { list, versions, role })
}

interface Described {
  readonly list: StoredList
  readonly versions: readonly ListVersion[]
  readonly role: Session['role']
}

async function describe(deps: HostDeps, { list, versions, role }: Described): Promise<Blocklist> {
  const { hostId: _host, nextAt: _next, ...shown } = list
  const of = (kind: ListVersion['kind']) => versions.find((version) => version.kind === kind)
  const [current, held, upload] = [of('current'), of('held'), of('upload')]
  const running = deps.imports.find(list.id)
  return {
    ...shown,
    url: list.url && redactListUrl(list.url, role),
    upload: upload ? { name: upload.fileName ?? '', bytes: upload.bytes, at: upload.at } : null,
    running: running ? { runId: running.runId, operation: running.operation } : null,
    held: held ? { at: held.at, entries: held.entries, formerEntries: current?.entries ?? 0 } : null,
    nextRuns: upcomingRuns(list, deps.clock()),
    look: current?.look ?? null,
    entries: current?.entries ?? null,
    inForce: await countInForce(deps, list),
    warnings: scheduleWarnings(deps, list),
  }
}

/** Returns the next times of a blocklist's schedule; the first one is the stored one, which may be overdue. */
function upcomingRuns({ schedule, zone, nextAt }: StoredList, now: number): number[] {
  if (schedule === null || nextAt === null) return []
  const first = Math.max(nextAt, now)
  return [first, ...nextRuns({ schedule, zone }, first, MAX_NEXT_RUNS - 1)]
}

/** Returns how many bans in force a blocklist made. */
async function countInForce({ archive }: Pick<HostDeps, 'archive'>, { id }: StoredList): Promise<number> {
  const filter = { origin: `blocklist:${id}` } as const
  const { total } = await archive.listActive({ filter, sort: '-since', cursor: null, offset: 0, limit: 1 })
  return total
}

/** Stores a blocklist. @throws AppError schedule_invalid, list_unusable */
export async function addBlocklist(
  deps: HostDeps,
  input: AddBlocklistInput,
  session: Session,
): Promise<Blocklist> {
  const now = deps.clock()
  const list = {
    name: input.name,
    url: input.url ?? null,
    jail: input.jail,
    schedule: input.schedule ?? null,
    zone: input.zone ?? 'UTC',
    enabled: input.enabled ?? true,
    format: input.format ?? 'auto',
    column: input.column ?? null,
    unbanRemoved: input.unbanRemoved ?? false,
    lastTriedAt: null,
    lastChangedAt: null,
    lastError: null,
    createdAt: now,
    createdBy: session.userName,
  } as const
  requireSchedule(list, now)
  if ((await listLists(deps.hostDb)).length >= MAX_LISTS)
    throw new AppError('list_unusable', {
      message: `There are ${MAX_LISTS} blocklists already. Remove one first.`,
    })
  const id = await insertList(deps.hostDb, { ...list, nextAt: nextAtOf(list, now) })
  if (input.upload) await saveUpload(deps, id, input.upload)
  deps.log.info({ event: 'blocklist_added', list: id, user: session.userName }, 'a blocklist was added')
  return getBlocklist(deps, id, session.role)
}

/** A schedule is understood also while the blocklist is off. */
function requireSchedule(list: Pick<StoredList, 'schedule' | 'zone'>, now: number): void {
  nextAtOf({ ...list, enabled: true }, now)
}

/** Changes a blocklist; what it has imported stays. @throws AppError not_found, schedule_invalid, list_unusable, list_importing */
export async function updateBlocklist(
  deps: HostDeps,
  { id, upload, ...input }: UpdateBlocklistInput,
  session: Session,
): Promise<Blocklist> {
  const { db } = deps.database
  const before = await requireList(deps, id)
  if (deps.imports.find(id)) throw new AppError('list_importing', { name: before.name })
  const changes = {
    ...withoutUndefined(input),
    ...(upload && { url: null }),
  }
  const after: StoredList = { ...before, ...changes }
  const now = deps.clock()
  requireSchedule(after, now)
  if (after.url === null && before.url !== null && !upload)
    throw new AppError('list_unusable', { message: 'Enter an address or upload a file.' })
  const isReadAnew =
    after.url !== before.url || after.format !== before.format || after.column !== before.column
  const isPlannedAnew =
    after.schedule !== before.schedule || after.zone !== before.zone || after.enabled !== before.enabled
  if (upload) await saveUpload(deps, id, upload)
  else if (after.url !== null) await deleteContent(db, id, 'upload')
  if (isReadAnew || upload) {
    await forgetValidators(db, id)
    await dropHeld(deps, before)
    await deleteContent(db, id, 'next')
  }
  await updateList(db, id, { ...changes, ...(isPlannedAnew && { nextAt: nextAtOf(after, now) }) })
  if (before.enabled && !after.enabled) await noteChange(deps, after, 'disabled')
  return getBlocklist(deps, id, session.role)
}

const withoutUndefined = <TValue extends object>(value: TValue) =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {
    [K in keyof TValue]: Exclude<TValue[K], undefined>
  }

/** Removes a blocklist with its versions and runs; its bans stay. @throws AppError not_found, list_importing */
export async function removeBlocklist(deps: HostDeps, id: number): Promise<void> {
  const list = await requireList(deps, id)
  // no import may begin meanwhile
  const controls = deps.imports.begin(id)
  if (!controls) throw new AppError('list_importing', { name: list.name })
  try {
    await noteChange(deps, list, 'removed')
    await deleteList(deps.database.db, id)
  } finally {
    controls.end()
  }
}

/** Cancels the import of a blocklist under way, or else drops the version that is held back. @throws AppError not_found */
export async function cancelImport(deps: HostDeps, id: number): Promise<{ readonly cancelled: boolean }> {
  const list = await requireList(deps, id)
  if (deps.imports.cancel(id)) return { cancelled: true }
  return { cancelled: await dropHeld(deps, list) }
}

/** Drops the version that is held back. Returns whether there was one. */
async function dropHeld(deps: HostDeps, list: StoredList): Promise<boolean> {
  const versions = (await listVersions(deps.database.db, [list.id])).get(list.id) ?? []
  if (!versions.some(({ kind }) => kind === 'held')) return false
  await deleteContent(deps.database.db, list.id, 'held')
  await noteChange(deps, list, 'dropped')
  return true
}

/** Says that a problem of a blocklist is over although nothing was imported. */
const noteChange = (deps: HostDeps, list: StoredList, change: 'disabled' | 'removed' | 'dropped') =>
  emitListEvent(deps, list, { type: 'blocklist.changed', change })

interface Uploaded {
  readonly name: string
  readonly content: string
}

async function saveUpload(
  { database, clock }: HostDeps,
  id: number,
  { name, content }: Uploaded,
): Promise<void> {
  const bytes = Buffer.from(content, 'base64')
  if (bytes.length > MAX_UPLOAD_BYTES)
    throw new AppError('list_unusable', { message: 'The file is larger than 3 MB. Pack it with gzip first.' })
  await saveContent(database.db, id, {
    kind: 'upload',
    at: clock(),
    fileName: name,
    etag: null,
    lastModified: null,
    look: null,
    entries: 0,
    invalid: 0,
    hash: createHash('sha256').update(bytes).digest('hex'),
    content: bytes,
  })
}

/** Returns runs of a host's blocklists, the newest first. */
export const listImportRuns = (
  { hostDb }: Pick<HostDeps, 'hostDb'>,
  { id, limit }: { readonly id?: number | undefined; readonly limit: number },
): Promise<ImportRun[]> => listRuns(hostDb, { listId: id, limit })

import { findIgnore, insertIgnore, listIgnores, updateIgnore, type IgnoreRecord } from '@bangui/db'
import {
  can,
  contains,
  MAX_IGNORES,
  parseAddress,
  parseIgnorable,
  type AddIgnoreInput,
  type IgnoreAdded,
  type Ignorable,
  type IgnoreResult,
  type IgnoresImported,
  type ImportIgnoresInput,
  type NewIgnoreInput,
  type UpdateIgnoreInput,
} from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'
import type { Session } from '../auth/session.ts'
import { unbanAddresses } from '../bans/unban-addresses.ts'
import { ignorable } from '../jails/tune-jail.ts'
import type { OperationHandle } from '../operations/operation.ts'
import { partOf } from '../operations/part-of.ts'
import type { Kept } from './ignore-kept.ts'
import { hasEnded, isFor, jailsWith } from './ignore-plan.ts'

/** Who changes the allow list, and in which operation. */
export interface IgnoreActor {
  readonly session: Session
  readonly operation: OperationHandle
  readonly title: string
}

/**
 * Adds an entry: it holds at once in the running jails, and is written. Ends the bans that it covers if that is wanted.
 * @throws AppError ignore_invalid, ignore_name_forbidden, ignore_whole_family, ignore_too_wide, ignore_expired, ignore_exists,
 * ignore_full, jail_unknown
 */
export async function addIgnore(
  deps: HostDeps,
  input: AddIgnoreInput,
  { session, operation, title }: IgnoreActor,
): Promise<IgnoreAdded> {
  const entry = await checkEntry(deps, input, session)
  const id = await insert(deps, input, { entry, by: session.userName })
  const kept = await deps.ignores.keep({ operationId: operation.id, title })
  const covered = await findCovered(deps, entry, input.jail ?? null)
  const result = { ...(await resultOf(deps, id, kept)), id, covered: covered.length }
  if (!input.unban || covered.length === 0) return { ...result, unbanned: 0 }
  const addresses = [...new Set(covered.map(({ address }) => address))]
  const jail = input.jail ?? undefined
  const ended = await unbanAddresses(
    deps,
    { addresses, jail, all: false },
    { userName: session.userName, operation: partOf(operation, 0) },
  )
  return { ...result, unbanned: ended.unbanned }
}

/** Returns what an entry is, if it may be added. */
export async function checkEntry(
  deps: HostDeps,
  input: NewIgnoreInput & { readonly force?: boolean },
  session: Session,
): Promise<Ignorable> {
  const entry = parseIgnorable(input.address)
  if (!entry) throw new AppError('ignore_invalid', { address: input.address })
  if (entry.address === null) assertMayName(deps, entry.text, session)
  else ignorable(entry.address, { force: input.force ?? false })
  if (input.expiresAt !== undefined && input.expiresAt !== null && input.expiresAt <= deps.clock())
    throw new AppError('ignore_expired')
  const { jail } = input
  if (jail !== undefined && jail !== null) {
    const isThere = (name: string) => name === jail
    const known = deps.jails.store.get() ?? (await deps.jails.refresh())
    if (!known.some(({ name }) => isThere(name))) throw new AppError('jail_unknown', { name: jail })
  }
  return entry
}

/** Checks that a user may change the entry of a host name. @throws AppError ignore_name_forbidden */
export function assertMayName({ key }: Pick<HostDeps, 'key'>, address: string, session: Session): void {
  if (!can(session, 'ignores.names', key)) throw new AppError('ignore_name_forbidden', { address })
}

interface Inserted {
  readonly entry: Ignorable
  readonly by: string
}

/** Stores an entry; one that is about to be removed becomes it. @throws AppError ignore_exists, ignore_full */
async function insert(
  { hostDb, clock }: HostDeps,
  { jail = null, everyHost, note = null, expiresAt = null }: NewIgnoreInput,
  { entry: { text: address }, by }: Inserted,
): Promise<number> {
  const now = clock()
  const fields = { jail, everyHost, note: note || null, expiresAt, by, addedAt: now }
  const isSame = (one: IgnoreRecord) =>
    one.address === address && one.jail === jail && one.everyHost === everyHost && hasEnded(one, now)
  const leaving = (await listIgnores(hostDb)).find(isSame)
  if (leaving) {
    await updateIgnore(hostDb.db, leaving.id, { ...leaving, ...fields, removedBy: null })
    return leaving.id
  }
  const result = await insertIgnore(hostDb, { address, ...fields })
  if ('id' in result) return result.id
  if (result.refused === 'full') throw new AppError('ignore_full', { most: MAX_IGNORES })
  throw new AppError('ignore_exists', { address, where: jail === null ? 'every jail' : `the jail ${jail}` })
}

/** The bans in force that an entry covers. */
async function findCovered({ archive, host }: HostDeps, entry: Ignorable, jail: string | null) {
  const texts =
    entry.address === null
      ? ((await host.ignores.resolve([entry.text]).catch(() => []))[0]?.addresses ?? [])
      : [entry.text]
  const bans = texts.length === 0 ? [] : await archive.findActive(texts)
  return bans.filter((ban) => jail === null || ban.jail === jail)
}

/** Changes the note or the end of an entry. @throws AppError ignore_unknown, ignore_expired, ignore_name_forbidden */
export async function updateEntry(
  deps: HostDeps,
  { id, note, expiresAt }: UpdateIgnoreInput,
  session: Session,
): Promise<IgnoreResult> {
  const entry = await findActiveIgnore(deps, id)
  const hasNewEnd = expiresAt !== undefined && expiresAt !== entry.expiresAt
  if (hasNewEnd && !parseAddress(entry.address)) assertMayName(deps, entry.address, session)
  if (expiresAt !== undefined && expiresAt !== null && expiresAt <= deps.clock())
    throw new AppError('ignore_expired')
  await updateIgnore(deps.hostDb.db, id, {
    ...entry,
    note: note === undefined ? entry.note : note || null,
    expiresAt: expiresAt === undefined ? entry.expiresAt : expiresAt,
  })
  return { jails: [...entry.holds.keys()], lasts: entry.writtenAt !== null, problems: [] }
}

/** Returns an entry whose end has not come. @throws AppError ignore_unknown */
export async function findActiveIgnore(
  { hostDb, clock }: Pick<HostDeps, 'hostDb' | 'clock'>,
  id: number,
): Promise<IgnoreRecord> {
  const entry = await findIgnore(hostDb, id)
  if (!entry || hasEnded(entry, clock())) throw new AppError('ignore_unknown')
  return entry
}

/** Whose address an entry may protect. */
interface Removing extends IgnoreActor {
  readonly remoteAddress: string
  readonly force: boolean
}

/**
 * Removes an entry: from the running jails at once, and from the configuration.
 * @throws AppError ignore_unknown, ignore_name_forbidden, ignore_covers_you
 */
export async function removeIgnore(
  deps: HostDeps,
  id: number,
  { session, operation, title, remoteAddress, force }: Removing,
): Promise<IgnoreResult> {
  const entry = await findActiveIgnore(deps, id)
  const address = parseAddress(entry.address)
  if (!address) assertMayName(deps, entry.address, session)
  const own = parseAddress(remoteAddress)
  if (address && own && !force && contains(address, own))
    throw new AppError('ignore_covers_you', { address: entry.address, own: own.text })
  await updateIgnore(deps.hostDb.db, id, { ...entry, expiresAt: deps.clock(), removedBy: session.userName })
  const kept = await deps.ignores.keep({ operationId: operation.id, title })
  return resultOf(deps, id, kept)
}

/** Adds many entries at once; what may not be added is named, and the others are. */
export async function importIgnores(
  deps: HostDeps,
  { entries }: ImportIgnoresInput,
  { session, operation, title }: IgnoreActor,
): Promise<IgnoresImported> {
  const refused: { address: string; reason: string }[] = []
  let added = 0
  let existing = 0
  for (const input of entries) {
    try {
      const entry = await checkEntry(deps, input, session)
      await insert(deps, input, { entry, by: session.userName })
      added += 1
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      if (error.code === 'ignore_exists') existing += 1
      else refused.push({ address: input.address, reason: error.message })
    }
  }
  const kept = await deps.ignores.keep({ operationId: operation.id, title })
  const problems = problemsOf(kept)
  return { added, existing, refused, jails: [], lasts: kept.written.state === 'done', problems }
}

/** Returns how an entry stands after the allow list was kept. */
async function resultOf(deps: HostDeps, id: number, kept: Kept): Promise<IgnoreResult> {
  const entry = await findIgnore(deps.hostDb, id)
  const running = await deps.host.ignores.listRunning().catch(() => [])
  const jails = entry ? jailsWith(entry, running).filter((jail) => isFor(entry, jail)) : []
  return { jails, lasts: kept.written.state === 'done', problems: problemsOf(kept) }
}

const problemsOf = ({ unset, offline, written }: Kept): string[] => [
  ...(offline === null ? [] : [offline]),
  ...unset,
  ...(written.problem === null ? [] : [written.problem]),
]

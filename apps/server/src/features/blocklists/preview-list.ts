import { findContent, sumBanCost, type StoredList } from '@bangui/db'
import {
  countEntries,
  firstOf,
  prefixOf,
  sizeOf,
  type ListEntries,
  type BlocklistPreview,
  type PreviewBlocklistInput,
} from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'
import { fetchAnything } from './fetch-list.ts'
import { ListError } from './list-error.ts'
import { createListGuard } from './list-guard.ts'
import { isJailForLists, listWarnings, setLimitOf } from './list-warnings.ts'
import { planImport, slicesOf, splitByBanned } from './plan-import.ts'
import { chunksOf, parseAll, type ReadList } from './read-list.ts'

/** How many addresses are looked up at once, and how many of a kind are named. */
const SLICE = 5_000
const MAX_SAMPLES = 20

/** What a preview is about: a blocklist with the settings that somebody tries. */
export type TriedList = Pick<
  StoredList,
  'url' | 'jail' | 'format' | 'column' | 'schedule' | 'zone' | 'enabled'
>

/** Returns what an import would do. @throws AppError list_unusable; the reason of the signal */
export async function previewList(
  deps: HostDeps,
  input: PreviewBlocklistInput,
  { stored, signal }: { readonly stored: StoredList | undefined; readonly signal: AbortSignal },
): Promise<BlocklistPreview> {
  const tried = triedOf(input, stored)
  const read = await readTried(deps, input, { tried, stored, signal })
  const guard = await createListGuard(deps, tried.jail)
  const plan = await planImport(read.entries, guard)
  const samples: { new: string[]; already: string[] } = { new: [], already: [] }
  const counts = { wouldBan: 0, already: 0 }
  for (const addresses of slicesOf(plan.wanted, SLICE)) {
    signal.throwIfAborted()
    const { banned, missing } = await splitByBanned(deps, tried.jail, addresses)
    counts.wouldBan += missing.length
    counts.already += banned.length
    samples.new.push(...missing.slice(0, MAX_SAMPLES - samples.new.length))
    samples.already.push(...banned.slice(0, MAX_SAMPLES - samples.already.length))
  }
  const { bans, milliseconds } = await sumBanCost(deps.hostDb, tried.jail)
  const cost = bans === 0 ? null : { millisecondsPerBan: milliseconds / bans, measuredBans: bans }
  const secondsFor = (count: number) => cost && Math.ceil((count * cost.millisecondsPerBan) / 1_000)
  const inJail = ((await deps.archive.countActive()).get(tried.jail) ?? 0) + counts.wouldBan
  const setLimit = await setLimitOf(deps, tried.jail, inJail + extraAddresses(plan.wanted))
  const restartSeconds = secondsFor(inJail)
  return {
    look: read.look,
    bytes: read.bytes,
    lines: read.lines,
    entries: countEntries(read.entries),
    duplicates: read.duplicates,
    invalid: read.invalid,
    ...counts,
    skipped: plan.skipped,
    samples: { ...samples, invalid: [...read.invalidSamples], skipped: [...plan.skippedSamples] },
    networks: networksOf(plan.wanted),
    cost,
    seconds: secondsFor(counts.wouldBan),
    restartSeconds,
    setLimit,
    offersJail: !isJailForLists(deps),
    warnings: await listWarnings(deps, tried, { guard, setLimit, restartSeconds, wanted: plan.wanted }),
  }
}

function triedOf(input: PreviewBlocklistInput, stored: StoredList | undefined): TriedList {
  const jail = input.jail ?? stored?.jail
  if (jail === undefined) throw new AppError('not_found')
  return {
    url: input.upload ? null : (input.url ?? stored?.url ?? null),
    jail,
    format: input.format ?? stored?.format ?? 'auto',
    column: input.column === undefined ? (stored?.column ?? null) : input.column,
    schedule: input.schedule === undefined ? (stored?.schedule ?? null) : input.schedule,
    zone: input.zone ?? stored?.zone ?? 'UTC',
    enabled: stored?.enabled ?? true,
  }
}

interface Trying {
  readonly tried: TriedList
  readonly stored: StoredList | undefined
  readonly signal: AbortSignal
}

async function readTried(
  deps: HostDeps,
  { upload }: PreviewBlocklistInput,
  { tried, stored, signal }: Trying,
): Promise<ReadList> {
  const expected = { format: tried.format, column: tried.column }
  try {
    if (upload) return await parseAll(chunksOf(Buffer.from(upload.content, 'base64')), expected, signal)
    if (tried.url !== null) return await fetchAnything(deps.fetchPublic, { url: tried.url, expected, signal })
    const file = stored && (await findContent(deps.database.db, stored.id, 'upload'))
    if (!file) throw new ListError('There is no uploaded file.')
    return await parseAll(chunksOf(file.content), expected, signal)
  } catch (error) {
    if (error instanceof ListError)
      throw new AppError('list_unusable', { message: error.message }, { cause: error })
    throw error
  }
}

/** How many more addresses than entries there are: some sets hold the addresses of a network one by one. */
const extraAddresses = ({ ipv4 }: ListEntries) => ipv4.reduce((sum, entry) => sum + sizeOf(entry) - 1, 0)

/** Returns how many networks there are, and how many addresses those of IPv4 cover, each counted once. */
function networksOf({ ipv4, ipv6 }: ListEntries): BlocklistPreview['networks'] {
  const networks = ipv4.filter((entry) => prefixOf(entry) < 32)
  const ipv6Count = ipv6.filter((text) => text.includes('/')).length
  let covered = 0
  let end = -1
  // sorted, and either apart from or in one another
  for (const entry of networks) {
    const last = firstOf(entry) + sizeOf(entry) - 1
    if (last <= end) continue
    covered += sizeOf(entry)
    end = last
  }
  return { count: networks.length + ipv6Count, ipv4Addresses: covered, ipv6Count }
}

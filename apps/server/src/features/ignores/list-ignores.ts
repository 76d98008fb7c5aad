import { listIgnores, type IgnoreRecord } from '@bangui/db'
import { isHostError, type ConfiguredIgnores, type RunningIgnores } from '@bangui/fail2ban'
import {
  createCover,
  parseAddress,
  type IgnoreStatus,
  type ListedIgnore,
  type ListIgnoresInput,
} from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { OFF } from './write-entries.ts'
import {
  hasEnded,
  isFor,
  jailsWith,
  listOf,
  missingSections,
  wantedSections,
  isOnlyElsewhere,
} from './ignore-plan.ts'

export type ListDeps = Pick<HostDeps, 'host' | 'hosts' | 'hostDb' | 'ignores' | 'config' | 'clock'>

/** What fail2ban and its configuration have, with why one of them cannot be asked. */
export interface IgnoreEvidence {
  readonly running: readonly RunningIgnores[] | null
  readonly offline: string | null
  readonly configured: ConfiguredIgnores | null
  readonly unreadable: string | null
}

/** Asks fail2ban and its configuration what is never banned. */
export async function readEvidence({ host }: Pick<HostDeps, 'host'>): Promise<IgnoreEvidence> {
  const [running, configured] = await Promise.all([
    orWhy(() => host.ignores.listRunning(), 'daemon_unavailable'),
    orWhy(() => host.ignores.listConfigured(), 'config_unreadable'),
  ])
  return {
    running: running.value,
    offline: running.why,
    configured: configured.value,
    unreadable: configured.why,
  }
}

async function orWhy<TValue>(
  ask: () => Promise<TValue>,
  code: 'daemon_unavailable' | 'config_unreadable',
): Promise<{ readonly value: TValue | null; readonly why: string | null }> {
  try {
    return { value: await ask(), why: null }
  } catch (error) {
    if (isHostError(error, code)) return { value: null, why: error.message }
    throw error
  }
}

/** Returns what is never banned: the entries of BanGUI, of the configuration, and what else running jails have. */
export async function listAll(deps: ListDeps, { jail }: ListIgnoresInput): Promise<ListedIgnore[]> {
  const now = deps.clock()
  const entries = (await listIgnores(deps.hostDb)).filter((entry) => !isOnlyElsewhere(entry, now))
  const evidence = await readEvidence(deps)
  const rows = [
    ...entries.map((entry) => ownRow(deps, entry, evidence)),
    ...configuredRows(entries, evidence),
    ...runtimeRows(entries, evidence),
  ]
  return jail === undefined ? rows : rows.filter((row) => isFor(row, jail))
}

function ownRow(deps: ListDeps, entry: IgnoreRecord, evidence: IgnoreEvidence): ListedIgnore {
  const { id, address, jail, everyHost, note, by, addedAt, expiresAt } = entry
  const { running, configured } = evidence
  const ended = hasEnded(entry, deps.clock())
  const meant = (running ?? []).filter((list) => isFor(entry, list.jail))
  const holdsIn = jailsWith(entry, meant)
  const places = configured ? placesOf(entry, configured) : []
  const missing = configured ? missingSections(entry, configured) : []
  const lasts = configured && wantedSections(entry, configured).length > 0 && missing.length === 0
  return {
    id,
    address,
    jail,
    everyHost,
    note,
    by,
    addedAt,
    expiresAt,
    source: 'bangui',
    file: places[0]?.file ?? null,
    line: places[0]?.line ?? null,
    places,
    holdsIn,
    holdsSince: holdsIn.flatMap((name) => {
      const since = entry.holds.get(name)
      return since === undefined ? [] : [{ jail: name, since }]
    }),
    missingIn: ended
      ? []
      : meant
          .filter((list) => !holdsIn.includes(list.jail))
          .map((list) => ({ jail: list.jail, problem: whyMissing(list) })),
    lasts,
    problem: problemOf(deps, entry, { lasts, missing, configured }),
    ended,
  }
}

const whyMissing = ({ jail, files }: RunningIgnores): string | null =>
  files.length === 0
    ? null
    : `${jail} reads ${files.join(', ')}, and fail2ban cannot add to such a list while the jail runs. Reload ${jail} to bring the entry into force.`

const placesOf = ({ address, jail }: IgnoreRecord, { sections }: ConfiguredIgnores) =>
  sections
    .filter(({ section }) => jail === null || section === jail)
    .flatMap(({ section, entries }) =>
      entries.filter(({ entry }) => entry === address).map(({ file, line }) => ({ section, file, line })),
    )

interface Lasting {
  readonly lasts: boolean | null
  readonly missing: readonly string[]
  readonly configured: ConfiguredIgnores | null
}

function problemOf(
  { ignores, config, clock }: ListDeps,
  entry: IgnoreRecord,
  { lasts, missing, configured }: Lasting,
): string | null {
  const why = ignores.problem?.problem ?? null
  if (hasEnded(entry, clock())) return why
  if (lasts !== false || configured === null) return null
  if (config.configWrite === 'off') return OFF
  if (entry.jail !== null && wantedSections(entry, configured).length === 0)
    return `The configuration has no jail ${entry.jail}.`
  const removed = missing.filter((section) => entry.sections.includes(section))
  if (entry.writtenAt !== null && removed.length > 0)
    return `Somebody removed the entry from ${removed.map((section) => `[${section}]`).join(', ')} in fail2ban’s configuration.`
  return why ?? 'The entry is not in fail2ban’s configuration yet.'
}

/** Entries that somebody else wrote. One that a jail has by a reference to `[DEFAULT]` is shown there alone. */
function configuredRows(
  entries: readonly IgnoreRecord[],
  { running, configured }: IgnoreEvidence,
): ListedIgnore[] {
  const seen = new Set<string>()
  return (configured?.sections ?? []).flatMap(({ section, entries: words }) => {
    const jail = section === 'DEFAULT' ? null : section
    const isOwn = (address: string) =>
      entries.some((entry) => entry.address === address && (entry.jail ?? jail) === jail)
    return words.flatMap(({ entry: address, file, line }) => {
      const place = JSON.stringify([address, file, line])
      if (isOwn(address) || seen.has(place)) return []
      seen.add(place)
      const lists = (running ?? []).filter((list) => jail === null || list.jail === jail)
      const holdsIn = address.startsWith('file:')
        ? lists.filter(({ files }) => files.includes(address.slice(5))).map((list) => list.jail)
        : jailsWith({ address }, lists)
      return [
        {
          ...foreign(address, jail),
          source: 'config' as const,
          file,
          line,
          holdsIn,
          lasts: true,
          places: [{ section, file, line }],
        },
      ]
    })
  })
}

/** What running jails have and nobody wrote: it was set until their next load. */
function runtimeRows(
  entries: readonly IgnoreRecord[],
  { running, configured }: IgnoreEvidence,
): ListedIgnore[] {
  if (configured === null) return []
  return (running ?? []).flatMap(({ jail, entries: has }) => {
    const known = new Set([
      ...listOf(configured, jail).entries.map(({ entry }) => entry),
      ...entries.filter((entry) => isFor(entry, jail)).map(({ address }) => address),
    ])
    return [...new Set(has)]
      .filter((address) => !known.has(address))
      .map((address) => ({
        ...foreign(address, jail),
        source: 'runtime' as const,
        holdsIn: [jail],
        lasts: false,
      }))
  })
}

const foreign = (address: string, jail: string | null) => ({
  id: null,
  address,
  jail,
  everyHost: false,
  note: null,
  by: null,
  addedAt: null,
  expiresAt: null,
  file: null,
  line: null,
  places: [],
  holdsSince: [],
  missingIn: [],
  problem: null,
  ended: false,
})

/**
 * Returns what the page of the allow list shows of a host beside the entries. `visitor`: the address of the caller; null: it is not
 * known.
 */
export async function readStatus(deps: ListDeps, visitor: string | null): Promise<IgnoreStatus> {
  const { running, offline, configured, unreadable } = await readEvidence(deps)
  const names = new Set([
    ...(configured?.jails ?? []).map(({ jail }) => jail),
    ...(running ?? []).map(({ jail }) => jail),
  ])
  const jails = [...names].toSorted().map((jail) => {
    const list = running?.find((one) => one.jail === jail)
    const self = list?.self ?? configured?.jails.find((one) => one.jail === jail)?.self ?? true
    return { jail, running: list !== undefined, self, hasCommand: list?.hasCommand ?? false }
  })
  const { configWrite, readOnly } = deps.config
  const address = visitor === null ? undefined : parseAddress(visitor)
  const own = address === undefined || address.kind === 'loopback' ? null : address
  return {
    jails,
    hosts: deps.hosts.list().length,
    copied: configured?.copy ? { from: configured.copy.from, into: configured.copy.into } : null,
    writable: configWrite !== 'off' && !readOnly,
    offline,
    unreadable,
    visitor: own?.text ?? null,
    visitorCovered:
      own !== null &&
      (running ?? []).length > 0 &&
      (running ?? []).every(({ entries }) => {
        const members = entries.flatMap((entry) => parseAddress(entry) ?? [])
        return createCover(members)(own).length > 0
      }),
  }
}

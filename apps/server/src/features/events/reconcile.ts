import { Fail2banUnavailableError, JailUnknownError } from '@bangui/fail2ban'
import type { ActiveBan } from '@bangui/db'
import type { EndReason, StoredEvent } from '@bangui/shared'
import type { Deps } from '../../deps.ts'
import type { Differences, FutileCorrections } from './futile-corrections.ts'
import { importHistory, type ImportDeps } from './import-history.ts'

export type ReconcileDeps = ImportDeps

const PAGE = 5_000

/** The most bans that fail2ban's database is asked for when counts disagree. */
const MOST_BANS = 500_000

/** How long a ban may be over before it is ended without a word of fail2ban, in milliseconds. */
const GRACE = 120_000

export interface ReconcileOptions {
  /** why bans that the daemon does not have any more have ended @default 'gone' */
  readonly reason?: EndReason
  readonly signal?: AbortSignal
  /** takes in what fail2ban's database has @default importHistory */
  readonly importNew?: () => Promise<unknown>
  /** asked right before anything is put right @default always */
  readonly mayCorrect?: () => boolean
  /** given the events of what was put right, as soon as they are told */
  readonly onCorrected?: (events: readonly StoredEvent[]) => Promise<void>
  /** the jails that need not be corrected again so soon @default none */
  readonly futile?: FutileCorrections
}

/**
 * The safety net: takes in what fail2ban's database has and the log did not tell, and compares the bans in force with
 * the daemon's counts. Where these disagree, its database is asked, and only where that disagrees too, the daemon.
 */
export async function reconcile(deps: ReconcileDeps, options: ReconcileOptions = {}): Promise<void> {
  await (options.importNew?.() ?? importHistory(deps, options.signal))
  const { online, activity } = deps.state.get().serverStatus
  const expired = await deps.archive.endExpired(deps.clock() - GRACE)
  if (expired.length > 0) deps.events.emit(expired)
  // while BanGUI itself makes the daemon work, its counts say nothing
  if (!online || activity || options.mayCorrect?.() === false) return
  try {
    await correctJails(deps, options)
  } catch (error) {
    if (!(error instanceof Fail2banUnavailableError)) throw error
  }
}

async function correctJails(
  deps: ReconcileDeps,
  { reason = 'gone', signal, mayCorrect, onCorrected, futile }: ReconcileOptions,
): Promise<void> {
  const differences = await compareCounts(deps)
  const jails = futile?.worth(differences, deps.clock()) ?? [...differences.keys()]
  if (jails.length === 0 || signal?.aborted) return
  const asOf = deps.clock()
  const listed = await listFromDatabase(deps, new Set(jails))
  const counts = await deps.host.countJailBans()
  for (const jail of jails) {
    const fromDatabase = listed?.get(jail) ?? []
    const count = counts.get(jail) ?? 0
    const bans =
      listed !== null && fromDatabase.length === count
        ? fromDatabase
        : await listFromDaemon(deps, jail, count)
    // a daemon that went since has lost what is missing
    if (signal?.aborted || mayCorrect?.() === false) return
    const stored = await deps.archive.syncActive(jail, withCountries(deps, bans), { asOf, reason })
    if (stored.length > 0) deps.events.emit(stored)
    else futile?.add(jail, differences.get(jail) ?? 0, asOf)
    await onCorrected?.(stored)
    deps.log.info(
      { event: 'bans_reconciled', jail, corrected: stored.length },
      'the bans of a jail were corrected',
    )
  }
}

/** Of the jails whose bans in force are not as many as the daemon says, how many more it has. */
async function compareCounts(deps: ReconcileDeps): Promise<Differences> {
  const [counts, known] = await Promise.all([deps.host.countJailBans(), deps.archive.countActive()])
  const names = new Set([...counts.keys(), ...known.keys()])
  const differenceOf = (name: string) => (counts.get(name) ?? 0) - (known.get(name) ?? 0)
  return new Map(
    [...names]
      .map((name) => [name, differenceOf(name)] as const)
      .filter(([, difference]) => difference !== 0),
  )
}

async function listFromDatabase(
  deps: ReconcileDeps,
  jails: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Omit<ActiveBan, 'country'>[]> | null> {
  const found = new Map<string, Omit<ActiveBan, 'country'>[]>()
  let cursor: string | null = null
  try {
    for (let read = 0; read < MOST_BANS;) {
      const page = await deps.host.readActiveBans({ cursor, limit: PAGE })
      for (const { jail, address, bannedAt, duration } of page.rows.filter((ban) => jails.has(ban.jail))) {
        const bans = found.get(jail) ?? []
        bans.push({ address, bannedAt, duration })
        found.set(jail, bans)
      }
      cursor = page.cursor
      read += page.rows.length
      if (page.done) return found
    }
  } catch {
    // off, locked or broken: that is told by the import, and the daemon is asked instead
  }
  return null
}

async function listFromDaemon(deps: ReconcileDeps, jail: string, count: number) {
  if (count === 0) return []
  try {
    return await deps.host.listJailBans(jail)
  } catch (error) {
    if (error instanceof JailUnknownError) return []
    throw error
  }
}

const withCountries = (
  { geo }: Pick<Deps, 'geo'>,
  bans: readonly Omit<ActiveBan, 'country'>[],
): ActiveBan[] =>
  bans.map(({ address, bannedAt, duration }) => ({
    address,
    bannedAt,
    duration,
    country: geo.countryOf(address),
  }))

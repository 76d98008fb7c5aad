import type { AlertChannelRecord, ArchiveReader, NewDelivery } from '@bangui/db'
import { listIncidentsBetween } from '@bangui/db'
import { counted, showHidden, type Incident } from '@bangui/shared'
import type { AlertsDeps } from './alerts-deps.ts'
import type { AlertMessage } from './channels/channel.ts'
import { dueDigest, isAhead } from './digest-times.ts'

/** A digest that is due, with the end of what it covers. */
export interface DueDigest {
  /** null: only the end is set anew, since the clock was set back */
  readonly delivery: NewDelivery | null
  readonly until: number
}

interface DigestOptions {
  readonly now: number
  readonly url: string | null
  readonly createId: () => string
}

type DigestDeps = Pick<AlertsDeps, 'hosts' | 'archive' | 'database' | 'config'>

/** How many incidents and names of a top list a digest has. */
const MAX_LINES = 10

/** Returns the digest of a channel if one is due; of several that were missed, the last one covers the time of all. */
export async function makeDigest(
  deps: DigestDeps,
  channel: AlertChannelRecord,
  { now, url, createId }: DigestOptions,
): Promise<DueDigest | undefined> {
  const { digest, digestUntil, enabled, id } = channel
  if (!enabled || !digest || digestUntil === null) return undefined
  if (isAhead(digest, digestUntil, now)) return { until: now, delivery: null }
  const until = dueDigest(digest, digestUntil, now)
  if (until === null) return undefined
  const { title, text } = await summarise(deps, { from: digestUntil, to: until }, digest.zone)
  const message: AlertMessage = { digest: { title, text, url } }
  return {
    until,
    delivery: {
      deliveryId: createId(),
      channelId: id,
      incident: null,
      kind: 'digest',
      critical: false,
      title,
      message,
      createdAt: now,
    },
  }
}

interface Span {
  readonly from: number
  readonly to: number
}

async function summarise(deps: DigestDeps, span: Span, zone: string) {
  const hosts = deps.hosts.list()
  const [only, ...others] = hosts
  const reader = only && others.length === 0 ? only.archive : deps.archive.forHosts(hosts.map(({ id }) => id))
  const name = showHidden(
    others.length === 0 ? (only?.name ?? deps.config.nodeName) : `${hosts.length} hosts`,
  )
  const incidents = await listIncidentsBetween(deps.database.db, { ...span, limit: 200 })
  const bans = await describeBans(reader, span)
  const opened = incidents.filter(({ openedAt }) => openedAt >= span.from)
  const open = incidents.filter(({ resolvedAt }) => resolvedAt === null)
  return {
    title: `${name}: ${bans.total}, ${counted(opened.length, 'incident')}`,
    text: [
      `From ${shown(span.from, zone)} to ${shown(span.to, zone)}:`,
      ...bans.lines,
      '',
      ...incidentLines('Incidents', opened, zone),
      ...incidentLines('Not resolved', open, zone),
    ].join('\n'),
  }
}

async function describeBans(reader: ArchiveReader, { from, to }: Span) {
  const query = { named: null, bounds: { from, to }, now: to }
  const [overview, jails, countries] = await Promise.all([
    reader.overview(query),
    reader.byJail(query),
    reader.byCountry({ ...query, limit: MAX_LINES }),
  ])
  const top = (rows: readonly { readonly key: string; readonly bans: number }[]) =>
    rows
      .filter(({ bans }) => bans > 0)
      .slice(0, MAX_LINES)
      .map(({ key, bans }) => `${showHidden(key === '??' ? 'unknown' : key)} ${bans.toLocaleString('en')}`)
      .join(', ')
  return {
    total: counted(overview.bans, 'ban'),
    lines: [
      `Bans: ${overview.bans.toLocaleString('en')}, of ${counted(overview.addresses, 'address', 'addresses')} (${overview.newAddresses.toLocaleString('en')} for the first time). Banned now: ${overview.activeBans.toLocaleString('en')}.`,
      ...(overview.bans > 0 ? [`Jails: ${top(jails)}`, `Countries: ${top(countries)}`] : []),
    ],
  }
}

function incidentLines(heading: string, incidents: readonly Incident[], zone: string): string[] {
  if (incidents.length === 0) return [`${heading}: none.`]
  const listed = incidents.slice(0, MAX_LINES)
  const more = incidents.length - listed.length
  return [
    `${heading}:`,
    ...listed.map(({ title, openedAt, resolvedAt }) => {
      const end = resolvedAt === null ? 'open' : `resolved ${shown(resolvedAt, zone)}`
      return `- ${shown(openedAt, zone)} ${title} (${end})`
    }),
    ...(more > 0 ? [`- and ${more} more`] : []),
  ]
}

const shown = (at: number, zone: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(at)

import {
  acknowledgeIncident,
  countOpenIncidents,
  deleteAlertRule,
  findAlertRule,
  findIncident,
  insertAlertRule,
  listAlertChannels,
  listAlertRules,
  listDeliveries as findDeliveries,
  listIncidentHistory,
  listIncidents as findIncidents,
  muteAlertRule,
  muteIncident,
  updateAlertRule,
} from '@bangui/db'
import {
  AlertRuleSettings,
  defaultsOf,
  MINUTE_MS,
  type AddAlertRuleInput,
  type Delivery,
  type Incident,
  type IncidentDetail,
  type ListDeliveriesInput,
  type ListedAlertRule,
  type ListIncidentsInput,
  type MuteAlertInput,
  type UpdateAlertRuleInput,
} from '@bangui/shared'
import type { Deps, ScopeDeps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'
import { textOfStored } from './channels/message-text.ts'

type RuleDeps = Pick<Deps, 'database' | 'clock' | 'alerts'>

/** How many rules there can be. */
const MAX_RULES = 200

/** Returns every rule, the oldest first. */
export async function listRules({ database }: Pick<RuleDeps, 'database'>): Promise<ListedAlertRule[]> {
  const open = await countOpenIncidents(database.db)
  const rules = await listAlertRules(database.db)
  return rules.map((rule) => ({ ...rule, openIncidents: open.get(rule.id) ?? 0 }))
}

/** Adds a rule; what is left out is as the kind of the rule has it. @throws AppError not_found, alert_rules_full */
export async function addRule(deps: RuleDeps, input: AddAlertRuleInput): Promise<{ id: number }> {
  const settings = AlertRuleSettings.parse({ ...defaultsOf(input.kind), ...input })
  await requireChannels(deps, settings.channels)
  const { database, clock, alerts } = deps
  if ((await listAlertRules(database.db)).length >= MAX_RULES)
    throw new AppError('alert_rules_full', { most: MAX_RULES })
  return { id: await alerts.change(() => insertAlertRule(database.db, settings, clock())) }
}

/** Changes a rule; what is left out stays. @throws AppError not_found */
export async function updateRule(deps: RuleDeps, { id, ...given }: UpdateAlertRuleInput): Promise<void> {
  const { database, clock, alerts } = deps
  if (given.channels) await requireChannels(deps, given.channels)
  await alerts.change(async () => {
    const rule = await findAlertRule(database.db, id)
    if (!rule) throw new AppError('not_found')
    const settings = AlertRuleSettings.parse({ ...rule, ...given })
    await updateAlertRule(database.db, { id, settings, now: clock() })
  })
}

async function requireChannels({ database }: Pick<RuleDeps, 'database'>, ids: readonly number[]) {
  const known = new Set((await listAlertChannels(database.db)).map(({ id }) => id))
  if (ids.some((id) => !known.has(id))) throw new AppError('not_found')
}

/** Deletes a rule; its open incidents are resolved. @throws AppError not_found */
export async function removeRule({ database, alerts }: RuleDeps, id: number): Promise<void> {
  if (!(await findAlertRule(database.db, id))) throw new AppError('not_found')
  await alerts.change(() => deleteAlertRule(database.db, id))
}

interface Reader {
  /** incidents about BanGUI itself are for those who may handle incidents */
  readonly mayHandle: boolean
}

/** Returns incidents of the hosts, the newest first. */
export async function listIncidents(
  { database, scope, isAll }: Pick<ScopeDeps, 'database' | 'scope' | 'isAll'>,
  { state, cursor, limit }: ListIncidentsInput,
  { mayHandle }: Reader,
): Promise<{ rows: Incident[]; nextCursor: string | null }> {
  const records = await findIncidents(database.db, {
    state: state ?? null,
    hosts: scope.map(({ id }) => id),
    withoutHost: mayHandle && isAll,
    before: numberOf(cursor),
    limit: limit + 1,
  })
  const page = records.slice(0, limit)
  const last = page.at(-1)
  return {
    rows: page.map(({ incident }) => incident),
    nextCursor: records.length > limit && last ? String(last.seq) : null,
  }
}

/** Returns an incident with its history; why a message failed is for those who may handle incidents. @throws AppError not_found */
export async function getIncident(
  { database, scope }: Pick<ScopeDeps, 'database' | 'scope'>,
  id: string,
  { mayHandle }: Reader,
): Promise<IncidentDetail> {
  const found = await findIncident(database.db, id)
  const host = found?.incident.host
  const isVisible = host === null ? mayHandle : scope.some(({ key }) => key === host)
  if (!found || !isVisible) throw new AppError('not_found')
  const history = await listIncidentHistory(database.db, found.seq)
  // what a server answered can name addresses of the configuration of a channel
  const shown = history.map((entry) =>
    mayHandle || entry.kind !== 'failed' ? entry : { ...entry, detail: null },
  )
  return { ...found.incident, history: shown }
}

/** Returns messages, the newest first. */
export async function listDeliveries(
  { database }: Pick<Deps, 'database'>,
  { channel, incident, cursor, limit }: ListDeliveriesInput,
): Promise<{ rows: Delivery[]; nextCursor: string | null }> {
  const found = await findDeliveries(database.db, {
    channel: channel ?? null,
    incident: incident ?? null,
    before: numberOf(cursor),
    limit: limit + 1,
  })
  const rows = found.slice(0, limit)
  const last = rows.at(-1)
  return {
    rows: rows.map(({ message, ...delivery }) => ({ ...delivery, text: textOfStored(message) })),
    nextCursor: found.length > limit && last ? String(last.id) : null,
  }
}

/** Acknowledges an incident: it is not sent again. Does nothing where somebody did. @throws AppError not_found */
export async function acknowledge(
  { database, clock, alerts }: RuleDeps,
  id: string,
  by: string,
): Promise<void> {
  if (!(await findIncident(database.db, id))) throw new AppError('not_found')
  await alerts.change(() => acknowledgeIncident(database.db, { id, by, now: clock() }))
}

/** Mutes a rule or an incident for a time, or no longer. @throws AppError not_found */
export async function mute(
  { database, clock, alerts }: RuleDeps,
  { incident, rule, minutes }: MuteAlertInput,
  by: string,
): Promise<{ until: number | null }> {
  const now = clock()
  const until = minutes === null ? null : now + minutes * MINUTE_MS
  const isDone = await alerts.change(async () => {
    if (incident !== undefined) return muteIncident(database.db, { id: incident, by, now, until })
    if (rule === undefined || !(await findAlertRule(database.db, rule))) return false
    await muteAlertRule(database.db, { id: rule, until, by })
    return true
  })
  if (!isDone) throw new AppError('not_found')
  return { until }
}

/** A cursor is the number of the last row; anything else begins at the newest. */
const numberOf = (cursor: string | undefined): number | null =>
  cursor !== undefined && /^\d{1,15}$/.test(cursor) ? Number(cursor) : null

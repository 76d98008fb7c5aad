import { DurationInput, MANUAL_JAIL, RefusedAddress, type BanResult } from '@bangui/shared'
import * as z from 'zod'
import type { HostDeps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'
import type { Session } from '../auth/session.ts'
import type { OperationHandle } from '../operations/operation.ts'
import type { Description } from '../operations/open-operation.ts'
import { partOf } from '../operations/part-of.ts'
import { type Asker, type BanDeps, planBan } from '../bans/plan-ban.ts'
import { banPlanned, withDuration } from '../bans/ban-addresses.ts'
import { findBanned } from '../bans/bans.service.ts'

/** What a manual ban was asked for, besides its addresses. */
export const BanParams = z.object({
  jail: z.string(),
  duration: DurationInput.optional(),
  until: z.number().optional(),
  reason: z.string().optional(),
  force: z.boolean().default(false),
})

/** An address that is to be banned, or one that was refused when the ban was planned. */
const RequestedItem = z.union([z.string(), RefusedAddress])

/** Describes the continuation of a ban under its id. @throws AppError resume_none */
export async function describeResume(
  { id }: { readonly id: string },
  { operations }: HostDeps,
  { userName }: Session,
): Promise<Description> {
  const record = await operations.records.find(id)
  if (!record?.isResumable) throw new AppError('resume_none')
  const { kind, title, actor, done, startedAt } = record
  const total = record.total ?? done
  return { kind, title, id, total, actor, cancellable: true, resumes: { done, startedAt, by: userName } }
}

/**
 * Bans the addresses that an interrupted or cancelled ban had not reached, for whoever continues it. @throws AppError busy
 * while it is not known what was banned, manual_jail_missing, jail_not_running, ban_interrupted
 */
export async function resumeBan(
  deps: BanDeps,
  { asker, operation }: { readonly asker: Asker; readonly operation: OperationHandle },
): Promise<BanResult> {
  const { id, total, reached } = operation
  const { records } = deps.operations
  if (deps.state.get().watching.events.state === 'catching_up') throw new AppError('busy')
  const params = BanParams.parse(await records.findParams(id))
  const items = RequestedItem.array().parse(await records.listItems(id, 'requested'))
  const requested = items.filter((item) => typeof item === 'string')
  const refused = items.filter((item) => typeof item !== 'string')
  const count = total ?? requested.length
  // what was reached before this list was stored counts, too
  const rest = requested.slice(Math.max(0, reached - (count - requested.length)))
  const own = await findOwn(deps, { id, addresses: rest })
  const addresses = rest.filter((address) => !own.has(address))
  // somebody else, also one who was given the name since, was not shown what the first user insisted on
  const force = params.force && operation.actor.kind === 'user' && asker.id === operation.actor.id
  const planned = await planBan(deps, withDuration(deps, { ...params, addresses, force }), asker)
  const plan = { ...planned, refused: [...refused, ...planned.refused] }
  const by = { kind: 'user', name: asker.name } as const
  const part = partOf(operation, count - plan.addresses.length)
  return banPlanned(deps, { plan, jail: params.jail, by, reason: params.reason || null }, part)
}

/** Returns the addresses that are banned by this operation. */
async function findOwn(
  deps: BanDeps,
  { id, addresses }: { readonly id: string; readonly addresses: readonly string[] },
): Promise<ReadonlySet<string>> {
  const { jail } = BanParams.parse(await deps.operations.records.findParams(id))
  const jails = new Set([jail, MANUAL_JAIL])
  const own = new Set<string>()
  for (const name of jails)
    for (const ban of (await findBanned(deps, name, addresses)).values())
      if (ban.operation === id) own.add(ban.address)
  return own
}

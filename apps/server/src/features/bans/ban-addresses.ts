import type { Ban, BanInput, BannedBy, BanPreview, BanResult } from '@bangui/shared'
import { AppError } from '../../lib/errors.ts'
import { coveredBesides, findBanned, isOwn, toCovered } from './bans.service.ts'
import type { OperationHandle } from '../operations/operation.ts'
import { type Asker, type BanDeps, type BanPlan, planBan } from './plan-ban.ts'
import { runBan } from './ban-batcher.ts'

/** How many addresses a preview names. */
const MAX_SHOWN = 500

/** Returns what {@link banAddresses} would do with the same input. */
export async function previewBan(deps: BanDeps, input: BanInput, asker: Asker): Promise<BanPreview> {
  const { addresses, refused, warnings, ...plan } = await planBan(deps, withDuration(deps, input), asker)
  const covers = await deps.archive.findCovers(addresses)
  const isOfJail = isOwn(plan.jail)
  const own = covers.filter(isOfJail)
  const banned = new Set(own.map(({ address }) => address))
  const wanted = addresses.filter((address) => !banned.has(address))
  const covered = toCovered(covers.filter((cover) => !isOfJail(cover) && !banned.has(cover.address)))
  return {
    ...plan,
    refused: [...refused],
    warnings: [...warnings],
    addresses: wanted.slice(0, MAX_SHOWN),
    wouldBan: wanted.length,
    already: addresses.length - wanted.length,
    ...(covered && { covered }),
    ...keepingEnd(
      deps,
      plan,
      own.map(({ by }) => by),
    ),
  }
}

/** Counts the bans that were there before and end later than asked for: one of fail2ban keeps its end (see answerBans). */
function keepingEnd(
  { clock }: Pick<BanDeps, 'clock'>,
  { endedByBangui, duration }: Pick<BanPlan, 'endedByBangui' | 'duration'>,
  bans: readonly Ban[],
): { keepsEnd?: number } {
  if (!endedByBangui) return {}
  const end = clock() + duration * 1000
  const keepsEnd = bans.filter(
    ({ by, until, restoredAt }) =>
      (by.kind === 'fail2ban' || by.kind === 'unknown') &&
      restoredAt === undefined &&
      (until === null || until > end),
  ).length
  return keepsEnd === 0 ? {} : { keepsEnd }
}

/** Bans the addresses that are not refused. @throws AppError manual_jail_missing, duration_invalid, jail_not_running, ban_interrupted */
export async function banAddresses(
  deps: BanDeps,
  input: BanInput,
  { asker, operation }: { readonly asker: Asker; readonly operation: OperationHandle },
): Promise<BanResult> {
  const plan = await planBan(deps, withDuration(deps, input), asker)
  const by = { kind: 'user', name: asker.name } as const
  return banPlanned(deps, { plan, jail: input.jail, by, reason: input.reason || null }, operation)
}

/** Returns the input with the seconds that are left until its end. @throws AppError ban_end_past */
export function withDuration<TInput extends Pick<BanInput, 'until' | 'duration'>>(
  { clock }: Pick<BanDeps, 'clock'>,
  input: TInput,
): TInput {
  if (input.until === undefined) return input
  const duration = Math.ceil((input.until - clock()) / 1000)
  if (duration <= 0) throw new AppError('ban_end_past')
  return { ...input, duration }
}

export interface PlannedBan {
  readonly plan: BanPlan
  /** the jail that was asked for */
  readonly jail: string
  readonly by: BannedBy
  readonly reason: string | null
}

/** Bans what was planned, so that it can go on after an interruption. @throws AppError manual_jail_missing, ban_interrupted */
export async function banPlanned(
  deps: BanDeps,
  { plan, jail, by, reason }: PlannedBan,
  operation: OperationHandle,
): Promise<BanResult> {
  if (plan.needsManualJail) throw new AppError('manual_jail_missing', { jail })
  const duration = plan.endedByBangui ? plan.duration : null
  const besides = coveredBesides(deps, plan.jail, plan.addresses)
  // what was refused has to be said again where the ban goes on after an interruption
  await operation.replace('requested', [...plan.addresses, ...plan.refused])
  const request = {
    jail: plan.jail,
    bans: plan.addresses.map((address) => ({ address, duration })),
    by,
    reason,
    operation: operation.id,
  } as const
  const result = await runBan(deps, request, operation)
  const covered = await besides
  const before = result.already === 0 ? [] : [...(await findBanned(deps, plan.jail, plan.addresses)).values()]
  return {
    ...result,
    jail: plan.jail,
    refused: [...plan.refused, ...result.refused],
    ...(covered && { covered }),
    ...keepingEnd(deps, plan, before),
  }
}

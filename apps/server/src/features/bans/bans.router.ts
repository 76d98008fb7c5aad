import {
  BanInput,
  ListBansInput,
  MANUAL_JAIL,
  OperationId,
  SetUpManualJailInput,
  UnbanInput,
  UpdateBanInput,
} from '@bangui/shared'
import * as z from 'zod'
import type { Context } from '../../context.ts'
import { addressListProcedure, hostProcedure, router, scopeProcedure } from '../../trpc.ts'
import type { Session } from '../auth/session.ts'
import { banAddresses, previewBan } from './ban-addresses.ts'
import { banLost } from './ban-lost.ts'
import { countBans, dismissLost, findLostBans, listBans, setUpManualJail } from './bans.service.ts'
import { opening, type Description } from '../operations/open-operation.ts'
import { outcomeOfBan, outcomeOfChange } from '../operations/outcomes.ts'
import { applierOf } from '../recovery/confirmation.ts'
import { titleOf } from './ban-task.ts'
import { titleOfUpdate, updateBan } from './update-ban.ts'
import { unbanAddresses } from './unban-addresses.ts'

const describeBan = ({
  jail,
  addresses,
  duration,
  until,
  reason,
  force,
  operationId,
}: BanInput): Description => ({
  kind: 'ban',
  title: titleOf({ kind: 'ban', addresses, where: jail }),
  id: operationId,
  total: addresses.length,
  cancellable: true,
  params: { jail, duration, until, reason, force },
})

const describeUnban = ({ jail, addresses, all, operationId }: UnbanInput): Description => ({
  kind: 'unban',
  title: all
    ? `Unbanning all addresses in ${jail ?? 'all jails'}`
    : titleOf({ kind: 'unban', addresses, where: jail ?? 'all jails' }),
  id: operationId,
  ...(!all && { total: addresses.length }),
  cancellable: true,
  params: { jail, all },
})

const describeUpdate = ({ jail, address, until, reason, operationId }: UpdateBanInput): Description => ({
  kind: 'ban.update',
  title: titleOfUpdate({ address, jail }),
  id: operationId,
  total: 1,
  params: { jail, address, until, reason },
})

const BanLostInput = z.object({ operationId: OperationId.optional() }).prefault({})

const describeBanLost = ({ operationId }: z.infer<typeof BanLostInput>): Description => ({
  kind: 'ban',
  title: 'Banning the lost addresses again',
  id: operationId,
  cancellable: true,
})

const askerOf = ({ session, request }: Context & { readonly session: Session }) => ({
  id: session.userId,
  name: session.userName,
  remoteAddress: request.remoteAddress,
})

export const bansRouter = router({
  list: scopeProcedure.input(ListBansInput).query(({ ctx, input }) => listBans(ctx.deps, input)),
  counts: hostProcedure('host.read').query(({ ctx }) => countBans(ctx.deps)),
  lost: hostProcedure('host.read').query(({ ctx }) => findLostBans(ctx.deps)),
  // only reads; a pasted list is too long for an address
  preview: addressListProcedure
    .meta({ effect: 'none' })
    .input(BanInput)
    .mutation(({ ctx, input }) => previewBan(ctx.deps, input, askerOf(ctx))),
  ban: addressListProcedure
    .meta({ effect: 'host' })
    .input(BanInput)
    .use(opening(describeBan, outcomeOfBan))
    .mutation(({ ctx, input }) =>
      banAddresses(ctx.deps, input, { asker: askerOf(ctx), operation: ctx.operation }),
    ),
  unban: addressListProcedure
    .meta({ effect: 'host' })
    .input(UnbanInput)
    .use(opening(describeUnban))
    .mutation(({ ctx, input }) =>
      unbanAddresses(ctx.deps, input, { userName: ctx.session.userName, operation: ctx.operation }),
    ),
  update: hostProcedure('bans.write')
    .meta({ effect: 'host' })
    .input(UpdateBanInput)
    .use(opening(describeUpdate))
    .mutation(({ ctx, input }) =>
      updateBan(ctx.deps, input, { userName: ctx.session.userName, operation: ctx.operation }),
    ),
  banLost: hostProcedure('bans.write')
    .meta({ effect: 'host' })
    .input(BanLostInput)
    .use(opening(describeBanLost, outcomeOfBan))
    .mutation(({ ctx }) => banLost(ctx.deps, { userName: ctx.session.userName, operation: ctx.operation })),
  dismissLost: hostProcedure('bans.write')
    .meta({ effect: 'none' })
    .mutation(({ ctx }) => dismissLost(ctx.deps)),
  setUpManualJail: hostProcedure('config.write')
    .meta({ effect: 'host' })
    .input(SetUpManualJailInput)
    .use(opening(() => ({ kind: 'jail.create', title: `Setting up jail ${MANUAL_JAIL}` }), outcomeOfChange))
    .mutation(({ ctx, input }) =>
      setUpManualJail(ctx.deps, {
        operationId: ctx.operation.id,
        confirmer: input.provisional === true ? applierOf(ctx.session) : undefined,
      }),
    ),
})

import { BanInput, ListBansInput, OperationId, UnbanInput } from '@bangui/shared'
import * as z from 'zod'
import type { Context } from '../../context.ts'
import { addressListProcedure, hostProcedure, router, scopeProcedure } from '../../trpc.ts'
import type { Session } from '../auth/session.ts'
import { banAddresses, previewBan } from './ban-addresses.ts'
import { banLost } from './ban-lost.ts'
import { countBans, dismissLost, findLostBans, listBans, setUpManualJail } from './bans.service.ts'
import { unbanAddresses } from './unban-addresses.ts'

const BanLostInput = z.object({ operationId: OperationId.optional() }).prefault({})

const askerOf = ({ session, request }: Context & { readonly session: Session }) => ({
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
    .input(BanInput)
    .mutation(({ ctx, input }) => banAddresses(ctx.deps, input, askerOf(ctx))),
  unban: addressListProcedure
    .input(UnbanInput)
    .mutation(({ ctx, input }) => unbanAddresses(ctx.deps, input, ctx.session.userName)),
  banLost: hostProcedure('bans.write')
    .input(BanLostInput)
    .mutation(({ ctx, input }) => banLost(ctx.deps, { userName: ctx.session.userName, ...input })),
  dismissLost: hostProcedure('bans.write')
    .meta({ effect: 'none' })
    .mutation(({ ctx }) => dismissLost(ctx.deps)),
  setUpManualJail: hostProcedure('config.write').mutation(({ ctx }) => setUpManualJail(ctx.deps)),
})

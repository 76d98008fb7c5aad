import { CheckLogsInput } from '@bangui/shared'
import { hostProcedure } from '../../trpc.ts'

/** The procedures of `config` that its forms need. */
export const formProcedures = {
  services: hostProcedure('logs.read').query(({ ctx }) => ctx.deps.host.config.findServices()),
  checkLogs: hostProcedure('logs.read')
    .input(CheckLogsInput)
    .query(({ ctx, input }) => ctx.deps.host.config.checkLogs(input)),
  // whom an ignore list should have
  ownAddresses: hostProcedure('config.write').query(async ({ ctx }) => ({
    client: ctx.request.remoteAddress,
    machine: (await ctx.deps.host.daemon.info()).addresses,
  })),
}

import { OperationInput } from '@bangui/shared'
import { hostProcedure, procedure, router } from '../../trpc.ts'
import { undoUnban } from '../bans/undo-unban.ts'

export const operationsRouter = router({
  list: procedure('host.read').query(({ ctx }) => [...ctx.deps.operations.list()]),
  cancel: procedure('operations.cancel')
    .meta({ effect: 'none' })
    .input(OperationInput)
    .mutation(({ ctx, input }) => ({ cancelled: ctx.deps.operations.cancel(input.id) })),
  undo: hostProcedure('bans.write')
    .input(OperationInput)
    .mutation(({ ctx, input }) => undoUnban(ctx.deps, input.id)),
})

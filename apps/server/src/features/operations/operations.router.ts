import { OperationInput } from '@bangui/shared'
import { operatorProcedure, router, viewerProcedure } from '../../trpc.ts'
import { undoUnban } from '../bans/undo-unban.ts'

export const operationsRouter = router({
  list: viewerProcedure.query(({ ctx }) => [...ctx.deps.operations.list()]),
  cancel: operatorProcedure
    .meta({ effect: 'none' })
    .input(OperationInput)
    .mutation(({ ctx, input }) => ({ cancelled: ctx.deps.operations.cancel(input.id) })),
  undo: operatorProcedure.input(OperationInput).mutation(({ ctx, input }) => undoUnban(ctx.deps, input.id)),
})

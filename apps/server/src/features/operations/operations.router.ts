import { can, ListOperationsInput, OperationInput, UndoInput, type Permission } from '@bangui/shared'
import { hostDepsOf } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'
import { levelProcedure, procedure, router, rowProcedure } from '../../trpc.ts'
import { cancelOperation } from './cancel-operation.ts'
import { getOperation, listOperations } from './list-operations.ts'
import { opening } from './open-operation.ts'
import { describeResume, resumeBan } from '../undo/resume-ban.ts'
import { outcomeOfBan, outcomeOfUndo } from './outcomes.ts'
import { describeUndo, undoOperation } from '../undo/undo.ts'

/** About one operation: `ctx.deps` are those of its host. @throws AppError `none` */
const recordProcedure = (permission: Permission, none: 'undo_none' | 'resume_none') =>
  procedure(permission)
    .input(OperationInput)
    .use(async ({ ctx, input, next }) => {
      const record = await ctx.deps.operations.records.find(input.id)
      const host = ctx.deps.hosts.list().find(({ id }) => id === record?.hostId)
      if (!record || !host || !can(ctx.session, permission, host.key)) throw new AppError(none)
      return next({ ctx: { deps: hostDepsOf(ctx.deps, host) } })
    })

export const operationsRouter = router({
  list: levelProcedure.input(ListOperationsInput).query(({ ctx, input }) => listOperations(ctx.deps, input)),
  get: rowProcedure.input(OperationInput).query(({ ctx, input }) => getOperation(ctx.deps, input.id)),
  cancel: procedure('operations.cancel')
    .meta({ effect: 'none' })
    .input(OperationInput)
    .mutation(({ ctx, input }) => cancelOperation(ctx.deps, ctx.session, input.id)),
  undo: recordProcedure('bans.write', 'undo_none')
    .meta({ effect: 'host' })
    .input(UndoInput)
    .use(opening(describeUndo, outcomeOfUndo))
    .mutation(({ ctx, input }) => undoOperation(ctx.deps, { ...input, session: ctx.session }, ctx.operation)),
  resume: recordProcedure('bans.write', 'resume_none')
    .meta({ effect: 'host' })
    .use(opening(describeResume, outcomeOfBan))
    .mutation(({ ctx: { deps, session, request, operation } }) => {
      const asker = { id: session.userId, name: session.userName, remoteAddress: request.remoteAddress }
      return resumeBan(deps, { asker, operation })
    }),
})

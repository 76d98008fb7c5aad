import { hostProcedure, router } from '../../trpc.ts'
import { opening } from '../operations/open-operation.ts'
import { outcomeOfRollback } from '../operations/outcomes.ts'
import { noteUnrecorded } from '../operations/unrecorded.ts'
import { dismissRecovery, rollbackNow } from './recovery.service.ts'

export const recoveryRouter = router({
  pending: hostProcedure('host.read').query(({ ctx }) => ctx.deps.state.get().pendingRecovery),
  rollback: hostProcedure('recovery.write')
    .meta({ effect: 'host' })
    .use(opening(() => ({ kind: 'rollback', title: 'Rolling back' }), outcomeOfRollback))
    .mutation(async ({ ctx }) => noteUnrecorded(ctx.operation, await rollbackNow(ctx.deps))),
  dismiss: hostProcedure('recovery.write')
    .meta({ effect: 'none' })
    .mutation(({ ctx }) => dismissRecovery(ctx.deps)),
})

import { hostProcedure, router } from '../../trpc.ts'
import { dismissRecovery, rollback } from './recovery.service.ts'

export const recoveryRouter = router({
  pending: hostProcedure('host.read').query(({ ctx }) => ctx.deps.state.get().pendingRecovery),
  rollback: hostProcedure('recovery.write').mutation(({ ctx }) => rollback(ctx.deps)),
  dismiss: hostProcedure('recovery.write')
    .meta({ effect: 'none' })
    .mutation(({ ctx }) => dismissRecovery(ctx.deps)),
})

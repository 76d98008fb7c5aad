import { adminProcedure, router, viewerProcedure } from '../../trpc.ts'
import { dismissRecovery, rollback } from './recovery.service.ts'

export const recoveryRouter = router({
  pending: viewerProcedure.query(({ ctx }) => ctx.deps.state.get().pendingRecovery),
  rollback: adminProcedure.mutation(({ ctx }) => rollback(ctx.deps)),
  dismiss: adminProcedure.meta({ effect: 'none' }).mutation(({ ctx }) => dismissRecovery(ctx.deps)),
})

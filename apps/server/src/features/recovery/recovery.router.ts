import { procedure, router } from '../../trpc.ts'
import { dismissRecovery, rollback } from './recovery.service.ts'

export const recoveryRouter = router({
  pending: procedure('host.read').query(({ ctx }) => ctx.deps.state.get().pendingRecovery),
  rollback: procedure('recovery.write').mutation(({ ctx }) => rollback(ctx.deps)),
  dismiss: procedure('recovery.write')
    .meta({ effect: 'none' })
    .mutation(({ ctx }) => dismissRecovery(ctx.deps)),
})

import { CompleteSetupInput } from '@bangui/shared'
import { publicProcedure, router } from '../../trpc.ts'
import { completeSetup } from './setup.service.ts'

export const setupRouter = router({
  status: publicProcedure.query(({ ctx }) => ({ complete: ctx.deps.appState.get().setupComplete })),
  complete: publicProcedure
    .meta({ effect: 'account' })
    .input(CompleteSetupInput)
    .mutation(({ ctx, input }) => completeSetup(ctx, input)),
})

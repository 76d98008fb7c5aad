import { EndPauseInput, StartPauseInput } from '@bangui/shared'
import { hostProcedure, router } from '../../trpc.ts'
import { opening } from '../operations/open-operation.ts'
import { outcomeOfPause } from '../operations/outcomes.ts'
import { refuseDuringRollback } from '../recovery/recovery.service.ts'

export const pauseRouter = router({
  start: hostProcedure('jails.control')
    .meta({ effect: 'host' })
    .input(StartPauseInput)
    .use(
      opening(
        ({ minutes, operationId: id }: StartPauseInput) =>
          ({ kind: 'pause.start', title: `Pausing all jails for ${minutes} min`, id }) as const,
        outcomeOfPause,
      ),
    )
    .mutation(({ ctx, input }) => {
      refuseDuringRollback(ctx.deps)
      return ctx.deps.pauses.start(input, ctx.session.userName)
    }),
  end: hostProcedure('jails.control')
    .meta({ effect: 'host' })
    .input(EndPauseInput)
    .use(
      opening(
        ({ operationId: id }: EndPauseInput) =>
          ({ kind: 'pause.end', title: 'Ending the maintenance pause', id }) as const,
        outcomeOfPause,
      ),
    )
    .mutation(({ ctx }) => ctx.deps.pauses.end()),
})

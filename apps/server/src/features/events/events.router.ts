import { WatchInput } from '@bangui/shared'
import { router, streamProcedure } from '../../trpc.ts'
import { openStream } from '../live/open-stream.ts'
import { watchEvents } from './watch-events.ts'

export const eventsRouter = router({
  watch: streamProcedure
    .input(WatchInput)
    .subscription(({ ctx, input, signal }) =>
      watchEvents(ctx.deps, openStream(ctx.deps, ctx.session, signal), input?.lastEventId ?? null),
    ),
})

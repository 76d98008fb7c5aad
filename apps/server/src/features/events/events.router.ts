import { WatchInput } from '@bangui/shared'
import { router, streamProcedure } from '../../trpc.ts'
import { openStream } from '../live/open-stream.ts'
import { streamEvents } from './stream-events.ts'

export const eventsRouter = router({
  watch: streamProcedure
    .input(WatchInput)
    .subscription(({ ctx, input, signal }) =>
      streamEvents(ctx.deps, openStream(ctx.deps, ctx.session, signal), input.lastEventId ?? null),
    ),
})

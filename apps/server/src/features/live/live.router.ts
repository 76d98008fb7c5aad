import { WatchInput } from '@bangui/shared'
import { levelProcedure, router, streamProcedure } from '../../trpc.ts'
import { openStream } from './open-stream.ts'
import { pollLive, streamLive } from './stream-live.ts'

export const liveRouter = router({
  watch: streamProcedure
    .input(WatchInput)
    .subscription(({ ctx, input, signal }) =>
      streamLive(ctx.deps, openStream(ctx.deps, ctx.session, signal), input.lastEventId ?? null),
    ),
  poll: levelProcedure.input(WatchInput).query(({ ctx, input }) => {
    ctx.deps.streams.noteRead()
    return pollLive(ctx.deps, { role: ctx.session.role, lastEventId: input.lastEventId ?? null })
  }),
})

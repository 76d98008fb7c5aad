import { WatchInput } from '@bangui/shared'
import { router, streamProcedure } from '../../trpc.ts'
import { openStream } from '../live/open-stream.ts'
import { streamState } from './stream-state.ts'

export const stateRouter = router({
  watch: streamProcedure
    .input(WatchInput)
    .subscription(({ ctx, signal }) => streamState(ctx.deps, openStream(ctx.deps, ctx.session, signal))),
})

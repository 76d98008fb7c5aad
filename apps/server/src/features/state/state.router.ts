import { WatchInput } from '@bangui/shared'
import { router, streamProcedure } from '../../trpc.ts'
import { openStream } from '../live/open-stream.ts'
import { watchState } from './watch-state.ts'

export const stateRouter = router({
  watch: streamProcedure
    .input(WatchInput)
    .subscription(({ ctx, signal }) => watchState(ctx.deps, openStream(ctx.deps, ctx.session, signal))),
})

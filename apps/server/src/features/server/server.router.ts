import * as z from 'zod'
import { hostProcedure, procedure, router } from '../../trpc.ts'
import { helpCommands } from '../../state/help-commands.ts'
import {
  cancelLoad,
  findExecutor,
  reloadServer,
  restartServer,
  startServer,
  stopServer,
} from './server.service.ts'

const RunJobInput = z.object({ name: z.string().max(64) })

export const serverRouter = router({
  status: hostProcedure('host.read').query(({ ctx }) => ctx.deps.state.get().serverStatus),
  help: hostProcedure('host.read').query(async ({ ctx }) =>
    helpCommands(ctx.deps.state.get().serverStatus, await ctx.deps.host.daemon.info()),
  ),
  log: hostProcedure('secrets.read').query(({ ctx }) => ctx.deps.host.logs.read()),
  executor: procedure('host.read').query(({ ctx }) => findExecutor(ctx.deps)),
  jobs: procedure('host.read').query(({ ctx }) => ctx.deps.scheduler.list()),
  runJob: procedure('jobs.run')
    .meta({ effect: 'none' })
    .input(RunJobInput)
    .mutation(({ ctx, input }) => ctx.deps.scheduler.runNow(input.name)),
  probe: hostProcedure('host.read')
    .meta({ effect: 'none' })
    .mutation(({ ctx }) => ctx.deps.monitor.probe()),
  reload: hostProcedure('daemon.control').mutation(({ ctx }) =>
    ctx.deps.stopActors.during({ jail: null, by: ctx.session.userName }, () => reloadServer(ctx.deps)),
  ),
  cancelLoad: hostProcedure('daemon.control').mutation(({ ctx }) =>
    cancelLoad(ctx.deps, ctx.session.userName),
  ),
  start: hostProcedure('daemon.control').mutation(({ ctx }) => startServer(ctx.deps)),
  stop: hostProcedure('daemon.control').mutation(({ ctx }) =>
    ctx.deps.stopActors.during({ jail: null, by: ctx.session.userName }, () => stopServer(ctx.deps)),
  ),
  restart: hostProcedure('daemon.control').mutation(({ ctx }) =>
    ctx.deps.stopActors.during({ jail: null, by: ctx.session.userName }, () => restartServer(ctx.deps)),
  ),
})

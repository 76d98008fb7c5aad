import * as z from 'zod'
import { adminProcedure, operatorProcedure, router, viewerProcedure } from '../../trpc.ts'
import { helpCommands } from './help-commands.ts'
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
  status: viewerProcedure.query(({ ctx }) => ctx.deps.state.get().serverStatus),
  // it has the command lines of actions that failed, and in them the keys of other services
  help: viewerProcedure.query(({ ctx }) =>
    helpCommands(ctx.deps.state.get().serverStatus, ctx.deps.host.info()),
  ),
  log: adminProcedure.query(({ ctx }) => ctx.deps.host.readLog()),
  executor: viewerProcedure.query(({ ctx }) => findExecutor(ctx.deps)),
  jobs: viewerProcedure.query(({ ctx }) => ctx.deps.scheduler.list()),
  runJob: operatorProcedure
    .meta({ effect: 'none' })
    .input(RunJobInput)
    .mutation(({ ctx, input }) => ctx.deps.scheduler.runNow(input.name)),
  probe: viewerProcedure.meta({ effect: 'none' }).mutation(({ ctx }) => ctx.deps.monitor.probe()),
  reload: adminProcedure.mutation(({ ctx }) =>
    ctx.deps.stopActors.during({ jail: null, by: ctx.session.userName }, () => reloadServer(ctx.deps)),
  ),
  cancelLoad: adminProcedure.mutation(({ ctx }) => cancelLoad(ctx.deps, ctx.session.userName)),
  start: adminProcedure.mutation(({ ctx }) => startServer(ctx.deps)),
  stop: adminProcedure.mutation(({ ctx }) =>
    ctx.deps.stopActors.during({ jail: null, by: ctx.session.userName }, () => stopServer(ctx.deps)),
  ),
  restart: adminProcedure.mutation(({ ctx }) =>
    ctx.deps.stopActors.during({ jail: null, by: ctx.session.userName }, () => restartServer(ctx.deps)),
  ),
})

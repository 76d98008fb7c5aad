import * as z from 'zod'
import { hostProcedure, procedure, router } from '../../trpc.ts'
import { helpCommands } from '../../state/help-commands.ts'
import { loadJails } from '../jails/jail-verbs.ts'
import { opening } from '../operations/open-operation.ts'
import { outcomeOfChange, outcomeOfStart } from '../operations/outcomes.ts'
import { listJobs, runJob } from './jobs.service.ts'
import { cancelLoad, findExecutor, restartServer, startServer, stopServer } from './server.service.ts'

/** the name of a job begins with the key of its host */
const RunJobInput = z.object({ name: z.string().max(128) })

const daemonMutation = hostProcedure('daemon.control').meta({ effect: 'host' })

export const serverRouter = router({
  status: hostProcedure('host.read').query(({ ctx }) => ctx.deps.state.get().serverStatus),
  help: hostProcedure('host.read').query(async ({ ctx }) =>
    helpCommands(ctx.deps.state.get().serverStatus, await ctx.deps.host.daemon.info()),
  ),
  log: hostProcedure('secrets.read').query(({ ctx }) => ctx.deps.host.logs.read()),
  executor: procedure('host.read').query(({ ctx }) => findExecutor(ctx.deps)),
  jobs: procedure('host.read').query(({ ctx }) => listJobs(ctx.deps, ctx.session)),
  runJob: procedure('jobs.run')
    .meta({ effect: 'none' })
    .input(RunJobInput)
    .mutation(({ ctx, input }) => runJob(ctx.deps, ctx.session, input.name)),
  probe: hostProcedure('host.read')
    .meta({ effect: 'none' })
    .mutation(({ ctx }) => ctx.deps.monitor.probe()),
  reload: daemonMutation
    .use(opening(() => ({ kind: 'daemon.reload', title: 'Reloading fail2ban' }), outcomeOfChange))
    .mutation(({ ctx }) =>
      ctx.deps.stopActors.during({ jail: null, by: ctx.session.userName }, () =>
        loadJails(ctx.deps, { all: true }, { role: ctx.session.role, operation: ctx.operation }),
      ),
    ),
  cancelLoad: daemonMutation
    .use(opening(() => ({ kind: 'daemon.cancel_load', title: 'Cancelling the load of the configuration' })))
    .mutation(({ ctx }) => cancelLoad(ctx.deps, ctx.session.userName)),
  start: daemonMutation
    .use(opening(() => ({ kind: 'daemon.start', title: 'Starting fail2ban' }), outcomeOfStart))
    .mutation(({ ctx }) => startServer(ctx.deps)),
  stop: daemonMutation
    .use(opening(() => ({ kind: 'daemon.stop', title: 'Stopping fail2ban' })))
    .mutation(({ ctx }) =>
      ctx.deps.stopActors.during({ jail: null, by: ctx.session.userName }, () => stopServer(ctx.deps)),
    ),
  restart: daemonMutation
    .use(opening(() => ({ kind: 'daemon.restart', title: 'Restarting fail2ban' }), outcomeOfStart))
    .mutation(({ ctx }) =>
      ctx.deps.stopActors.during({ jail: null, by: ctx.session.userName }, () => restartServer(ctx.deps)),
    ),
})

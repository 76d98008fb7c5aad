import {
  AddFilterTestInput,
  EnteredRegexTest,
  FilterName,
  FollowLogInput,
  LogTailInput,
} from '@bangui/shared'
import * as z from 'zod'
import { hostProcedure, hostStreamProcedure } from '../../trpc.ts'
import { openStream } from '../live/open-stream.ts'
import {
  addFilterTest,
  getFilterTestRun,
  getFilterTests,
  removeFilterTest,
  runFilterTests,
  testRegex,
} from './lab.service.ts'
import { followLog, listLogs, tailLog } from './logs.service.ts'

const FilterInput = z.object({ filter: FilterName })

/** The procedures of `config` about regexes and logs. */
export const labProcedures = {
  testRegex: hostProcedure('logs.read')
    .meta({ effect: 'none' })
    .input(EnteredRegexTest)
    .mutation(({ ctx, input, signal }) => testRegex(ctx.deps, { session: ctx.session, signal }, input)),
  filterModes: hostProcedure('host.read')
    .input(FilterInput)
    .query(({ ctx, input }) => ctx.deps.host.config.listFilterModes(input.filter)),
  filterTests: hostProcedure('logs.read')
    .input(FilterInput.partial())
    .query(({ ctx, input }) => getFilterTests(ctx.deps, input.filter)),
  filterTestRun: hostProcedure('logs.read')
    .input(FilterInput)
    .query(({ ctx, input }) => getFilterTestRun(ctx.deps, ctx.session, input.filter)),
  addFilterTest: hostProcedure('config.write')
    .meta({ effect: 'account' })
    .input(AddFilterTestInput)
    .mutation(({ ctx, input }) => addFilterTest(ctx.deps, input)),
  removeFilterTest: hostProcedure('config.write')
    .meta({ effect: 'account' })
    .input(z.object({ id: z.int() }))
    .mutation(({ ctx, input }) => removeFilterTest(ctx.deps, input.id)),
  runFilterTests: hostProcedure('logs.read')
    .meta({ effect: 'none' })
    .input(FilterInput)
    .mutation(({ ctx, input, signal }) =>
      runFilterTests(ctx.deps, { session: ctx.session, signal }, input.filter),
    ),
  logs: hostProcedure('logs.read').query(({ ctx }) => listLogs(ctx.deps)),
  logTail: hostProcedure('logs.read')
    .input(LogTailInput)
    .query(({ ctx, input }) => tailLog(ctx.deps, input, ctx.session.role)),
  followLog: hostStreamProcedure('logs.read')
    .input(FollowLogInput)
    .subscription(({ ctx, input, signal }) =>
      followLog(
        ctx.deps,
        { stream: openStream(ctx.deps, ctx.session, signal), userId: ctx.session.userId },
        input,
      ),
    ),
}

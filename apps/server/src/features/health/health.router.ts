import { AcceptFindingInput, FindingInput, ProveBanInput, RunHealthInput } from '@bangui/shared'
import { hostProcedure, router } from '../../trpc.ts'
import { opening } from '../operations/open-operation.ts'
import { outcomeOfProof } from '../operations/outcomes.ts'
import {
  acceptFinding,
  listEndedFindings,
  listFindings,
  runHealth,
  unacceptFinding,
} from './health.service.ts'

export const healthRouter = router({
  list: hostProcedure('host.read').query(({ ctx }) => listFindings(ctx.deps, ctx.session.role)),
  ended: hostProcedure('host.read').query(({ ctx }) => listEndedFindings(ctx.deps)),
  checks: hostProcedure('host.read').query(({ ctx }) => ctx.deps.health.report()),
  run: hostProcedure('health.write')
    .meta({ effect: 'none' })
    .input(RunHealthInput)
    .mutation(({ ctx, input }) => runHealth(ctx.deps, input)),
  proveBan: hostProcedure('bans.write')
    .meta({ effect: 'host' })
    .input(ProveBanInput)
    .use(
      opening(
        ({ jail, operationId: id }: ProveBanInput) =>
          ({ kind: 'jail.prove_ban', title: `Testing whether bans of ${jail} block`, id }) as const,
        outcomeOfProof,
      ),
    )
    .mutation(({ ctx, input }) => ctx.deps.host.health.proveBan(input.jail)),
  accept: hostProcedure('health.write')
    .meta({ effect: 'account' })
    .input(AcceptFindingInput)
    .mutation(({ ctx, input }) => acceptFinding(ctx.deps, input, ctx.session.userName)),
  unaccept: hostProcedure('health.write')
    .meta({ effect: 'account' })
    .input(FindingInput)
    .mutation(({ ctx, input }) => unacceptFinding(ctx.deps, input.id, ctx.session.userName)),
})

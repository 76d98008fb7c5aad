import {
  ApplyConfigInput,
  can,
  CompareRevertInput,
  ConfigChangeInput,
  ConfigHistoryInput,
  ConfirmConfigInput,
  PreviewConfigInput,
  RevertConfigInput,
  type Permission,
} from '@bangui/shared'
import { findChange, findHostOfChange } from '@bangui/db'
import { hostDepsOf, type HostDeps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'
import { hostProcedure, procedure } from '../../trpc.ts'
import { applierOf, confirmerOf } from '../recovery/confirmation.ts'
import { opening } from '../operations/open-operation.ts'
import { outcomeOfChange } from '../operations/outcomes.ts'
import { applyConfig, ignoredTests, previewConfig, revertConfig, titleOf } from './change-config.ts'
import { compareRevert, getConfigChange, listConfigHistory } from './history.service.ts'

/** About one change: `ctx.deps` are those of its host. @throws AppError not_found */
const changeProcedure = (permission: Permission) =>
  procedure(permission)
    .input(ConfigChangeInput)
    .use(async ({ ctx, input, next }) => {
      const hostId = await findHostOfChange(ctx.deps.database.db, input.id)
      const host = ctx.deps.hosts.list().find(({ id }) => id === hostId)
      if (!host || !can(ctx.session, permission, host.key)) throw new AppError('not_found')
      return next({ ctx: { deps: hostDepsOf(ctx.deps, host) } })
    })

async function describeRevert(
  { id, operationId, ignoreFailedTests }: RevertConfigInput,
  { hostDb }: HostDeps,
) {
  const change = await findChange(hostDb, id)
  return {
    kind: 'config.revert',
    title: `Undoing: ${change?.title ?? 'a change'}${ignoredTests({ ignoreFailedTests })}`,
    id: operationId,
    cancellable: true,
  } as const
}

/** `config.apply` */
export const applyProcedure = hostProcedure('config.write')
  .meta({ effect: 'host', isLarge: true })
  .input(ApplyConfigInput)
  .use(
    opening(
      ({ edits, operationId: id, ignoreFailedTests }: ApplyConfigInput) =>
        ({
          kind: 'config.apply',
          title: `${titleOf(edits)}${ignoredTests({ ignoreFailedTests })}`,
          id,
          cancellable: true,
        }) as const,
      outcomeOfChange,
    ),
  )
  .mutation(({ ctx, input }) =>
    applyConfig(ctx.deps, input, {
      userName: ctx.session.userName,
      operationId: ctx.operation.id,
      confirmer: confirmerOf(ctx, input),
      following: ctx.operation,
      signedInAt: ctx.session.createdAt,
    }),
  )

export const changeProcedures = {
  preview: hostProcedure('config.write')
    .meta({ effect: 'none', isLarge: true })
    .input(PreviewConfigInput)
    .mutation(({ ctx, input, signal }) =>
      ctx.deps.latestPreview(ctx.session.userId, () => previewConfig(ctx.deps, input.edits), signal),
    ),
  revert: changeProcedure('config.write')
    .meta({ effect: 'host', isLarge: true })
    .input(RevertConfigInput)
    .use(opening(describeRevert, outcomeOfChange))
    .mutation(({ ctx, input }) =>
      revertConfig(ctx.deps, input, {
        userName: ctx.session.userName,
        operationId: ctx.operation.id,
        ignoreFailedTests: input.ignoreFailedTests,
        confirmer: confirmerOf(ctx, input),
        following: ctx.operation,
        signedInAt: ctx.session.createdAt,
      }),
    ),
  confirm: changeProcedure('config.write')
    .meta({ effect: 'none' })
    .input(ConfirmConfigInput)
    .mutation(({ ctx, input }) => {
      // the next confirmation has to get through with a connection of its own
      ctx.headers.set('connection', 'close')
      if (input.keep === true && !can(ctx.session, 'config.execute', ctx.deps.key))
        throw new AppError('forbidden')
      const { generation, throughProxy } = ctx.request
      return ctx.deps.confirmations.confirm(input, { ...applierOf(ctx.session), generation, throughProxy })
    }),
  history: hostProcedure('host.read')
    .input(ConfigHistoryInput)
    .query(({ ctx, input }) => listConfigHistory(ctx.deps, input)),
  change: changeProcedure('host.read').query(({ ctx, input }) =>
    getConfigChange(ctx.deps, input.id, ctx.session.role),
  ),
  compareRevert: changeProcedure('config.write')
    .meta({ effect: 'none', isLarge: true })
    .input(CompareRevertInput)
    .mutation(({ ctx, input }) => compareRevert(ctx.deps, input)),
}

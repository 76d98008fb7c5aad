import {
  AddBlocklistInput,
  can,
  ImportBlocklistInput,
  BlocklistIdInput,
  BlocklistRunsInput,
  BlocklistSchedule,
  LISTS_JAIL,
  SetUpManualJailInput,
  PreviewBlocklistInput,
  TimeZone,
  UpdateBlocklistInput,
} from '@bangui/shared'
import * as z from 'zod'
import { AppError } from '../../lib/errors.ts'
import { nextRuns } from '../../lib/schedule.ts'
import { hostProcedure, procedure, router } from '../../trpc.ts'
import type { Session } from '../auth/session.ts'
import { outcomeOfChange } from '../operations/outcomes.ts'
import { applierOf } from '../recovery/confirmation.ts'
import { opening } from '../operations/open-operation.ts'
import {
  addBlocklist,
  cancelImport,
  listImportRuns,
  listBlocklists,
  removeBlocklist,
  requireList,
  updateBlocklist,
} from './blocklists.service.ts'
import { catalogue } from './catalogue.ts'
import { previewList } from './preview-list.ts'
import { setUpListsJail } from './set-up-jail.ts'
import { confirmHeld, startImport } from './start-import.ts'
import { endAll } from './unban-list.ts'

const MAX_NEXT_RUNS = 5

const ScheduleInput = z.object({ schedule: BlocklistSchedule, zone: TimeZone.default('UTC') })

const importerOf = ({ userName: name, userId: id }: Session, { operationId }: ImportBlocklistInput) =>
  ({ kind: 'user', name, id, operationId }) as const

export const blocklistsRouter = router({
  list: hostProcedure('host.read').query(({ ctx }) => listBlocklists(ctx.deps, ctx.session.role)),
  runs: hostProcedure('host.read')
    .input(BlocklistRunsInput)
    .query(({ ctx, input }) => listImportRuns(ctx.deps, input)),
  catalogue: procedure('host.read').query(() => [...catalogue]),
  /** The next times of a schedule that somebody is choosing. */
  schedule: hostProcedure('host.read')
    .input(ScheduleInput)
    .query(({ ctx, input }) => ({ nextRuns: nextRuns(input, ctx.deps.clock(), MAX_NEXT_RUNS) })),
  add: hostProcedure('blocklists.write')
    .meta({ effect: 'account', isLarge: true })
    .input(AddBlocklistInput)
    .mutation(({ ctx, input }) => addBlocklist(ctx.deps, input, ctx.session)),
  update: hostProcedure('blocklists.write')
    .meta({ effect: 'account', isLarge: true })
    .input(UpdateBlocklistInput)
    .mutation(({ ctx, input }) => updateBlocklist(ctx.deps, input, ctx.session)),
  remove: hostProcedure('blocklists.write')
    .meta({ effect: 'account' })
    .input(BlocklistIdInput)
    .mutation(({ ctx, input }) => removeBlocklist(ctx.deps, input.id)),
  // only reads; a file is too long for an address
  preview: hostProcedure('blocklists.import')
    .meta({ effect: 'none', isLarge: true })
    .input(PreviewBlocklistInput)
    .mutation(async ({ ctx, input, signal }) => {
      const stored = input.id === undefined ? undefined : await requireList(ctx.deps, input.id)
      const isOther = input.url !== undefined || input.upload !== undefined
      if ((!stored || isOther) && !can(ctx.session, 'blocklists.write', ctx.deps.key))
        throw new AppError('forbidden')
      const preview = (newest: AbortSignal) => previewList(ctx.deps, input, { stored, signal: newest })
      return ctx.deps.latestListPreview(ctx.session.userId, preview, signal)
    }),
  import: hostProcedure('blocklists.import')
    .meta({ effect: 'host' })
    .input(ImportBlocklistInput)
    .mutation(async ({ ctx, input }) => {
      const list = await requireList(ctx.deps, input.id)
      const { runId } = await startImport(ctx.deps, list, importerOf(ctx.session, input))
      return { runId }
    }),
  confirm: hostProcedure('blocklists.import')
    .meta({ effect: 'host' })
    .input(ImportBlocklistInput)
    .mutation(async ({ ctx, input }) => {
      const list = await requireList(ctx.deps, input.id)
      const { runId } = await confirmHeld(ctx.deps, list, importerOf(ctx.session, input))
      return { runId }
    }),
  cancel: hostProcedure('blocklists.import')
    .meta({ effect: 'account' })
    .input(BlocklistIdInput)
    .mutation(({ ctx, input }) => cancelImport(ctx.deps, input.id)),
  setUpJail: hostProcedure('config.write')
    .meta({ effect: 'host' })
    .input(SetUpManualJailInput)
    .use(opening(() => ({ kind: 'jail.create', title: `Setting up jail ${LISTS_JAIL}` }), outcomeOfChange))
    .mutation(({ ctx, input }) =>
      setUpListsJail(ctx.deps, {
        operationId: ctx.operation.id,
        confirmer: input.provisional === true ? applierOf(ctx.session) : undefined,
      }),
    ),
  unban: hostProcedure('blocklists.import')
    .meta({ effect: 'host' })
    .input(ImportBlocklistInput)
    .use(
      opening(async ({ id, operationId }: ImportBlocklistInput, deps) => {
        const { name } = await requireList(deps, id)
        return {
          kind: 'unban',
          title: `Unbanning the addresses of ${name}`,
          id: operationId,
          cancellable: true,
        }
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const list = await requireList(ctx.deps, input.id)
      return { unbanned: await endAll(ctx.deps, { list, operation: ctx.operation }) }
    }),
})

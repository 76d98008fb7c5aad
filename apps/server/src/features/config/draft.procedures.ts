import { EffectiveInput, SaveDraftInput } from '@bangui/shared'
import { hostProcedure } from '../../trpc.ts'
import { compareDraft, getDraft, getDraftedSettings, saveDraft } from './draft.service.ts'

/** The procedures of `config` about the own draft: nobody sees that of somebody else. */
export const draftProcedures = {
  draft: hostProcedure('config.write').query(({ ctx }) => getDraft(ctx.deps, ctx.session.userId)),
  compareDraft: hostProcedure('config.write').query(({ ctx }) => compareDraft(ctx.deps, ctx.session.userId)),
  draftedSettings: hostProcedure('config.write')
    .input(EffectiveInput)
    .query(({ ctx, input }) => getDraftedSettings(ctx.deps, ctx.session.userId, input)),
  saveDraft: hostProcedure('config.write')
    .meta({ effect: 'none', isLarge: true })
    .input(SaveDraftInput)
    .mutation(({ ctx, input }) => saveDraft(ctx.deps, ctx.session.userId, input)),
}

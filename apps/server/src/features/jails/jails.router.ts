import { JailInput } from '@bangui/shared'
import * as z from 'zod'
import { adminProcedure, router, viewerProcedure } from '../../trpc.ts'
import { getJail, listJails, previewSwitch, switchJail } from './jails.service.ts'

const PreviewInput = JailInput.extend({ enabled: z.boolean() })

export const jailsRouter = router({
  list: viewerProcedure.query(({ ctx }) => listJails(ctx.deps)),
  get: viewerProcedure
    .input(JailInput)
    .query(({ ctx, input }) => getJail(ctx.deps, input.name, ctx.session.role)),
  preview: adminProcedure
    .input(PreviewInput)
    .query(({ ctx, input }) => previewSwitch(ctx.deps, input.name, input.enabled)),
  activate: adminProcedure
    .input(JailInput)
    .mutation(({ ctx, input }) => switchJail(ctx.deps, input.name, true)),
  deactivate: adminProcedure
    .input(JailInput)
    .mutation(({ ctx, input }) => switchJail(ctx.deps, input.name, false)),
})

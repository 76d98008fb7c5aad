import { JailInput, SetIdleInput, UpdateJailInput } from '@bangui/shared'
import * as z from 'zod'
import type { Context } from '../../context.ts'
import { adminProcedure, operatorProcedure, router, viewerProcedure } from '../../trpc.ts'
import type { Session } from '../auth/sessions.ts'
import { reloadJail, setIdle, startJail, stopJail } from './jail-verbs.ts'
import { getJail, listJails, previewSwitch, switchJail } from './jails.service.ts'
import { getFilter, getTuning, previewUpdate, updateJail } from './tune-jail.ts'

/** Remembers for whom a jail is stopped. */
const stopping = <TResult>(
  { deps, session }: Context & { readonly session: Session },
  jail: string,
  work: () => Promise<TResult>,
): Promise<TResult> => deps.stopActors.during({ jail, by: session.userName }, work)

const PreviewInput = JailInput.extend({ enabled: z.boolean() })

export const jailsRouter = router({
  list: viewerProcedure.query(({ ctx }) => listJails(ctx.deps)),
  get: viewerProcedure
    .input(JailInput)
    .query(({ ctx, input }) => getJail(ctx.deps, input.name, ctx.session.role)),
  tuning: viewerProcedure.input(JailInput).query(({ ctx, input }) => getTuning(ctx.deps, input.name)),
  filter: viewerProcedure.input(JailInput).query(({ ctx, input }) => getFilter(ctx.deps, input.name)),
  preview: adminProcedure
    .input(PreviewInput)
    .query(({ ctx, input }) => previewSwitch(ctx.deps, input.name, input.enabled)),
  activate: adminProcedure
    .input(JailInput)
    .mutation(({ ctx, input }) => switchJail(ctx.deps, input.name, true)),
  deactivate: adminProcedure
    .input(JailInput)
    .mutation(({ ctx, input }) => stopping(ctx, input.name, () => switchJail(ctx.deps, input.name, false))),
  start: operatorProcedure
    .input(JailInput)
    .mutation(({ ctx, input }) => startJail(ctx.deps, input.name, ctx.session.role)),
  stop: operatorProcedure
    .input(JailInput)
    .mutation(({ ctx, input }) =>
      stopping(ctx, input.name, () => stopJail(ctx.deps, input.name, ctx.session.role)),
    ),
  reload: operatorProcedure
    .input(JailInput)
    .mutation(({ ctx, input }) =>
      stopping(ctx, input.name, () => reloadJail(ctx.deps, input.name, ctx.session.role)),
    ),
  setIdle: operatorProcedure
    .input(SetIdleInput)
    .mutation(({ ctx, input }) => setIdle(ctx.deps, input.name, input.idle)),
  previewUpdate: adminProcedure
    .meta({ effect: 'none' })
    .input(UpdateJailInput)
    .mutation(({ ctx, input }) => previewUpdate(ctx.deps, input)),
  update: adminProcedure.input(UpdateJailInput).mutation(({ ctx, input }) => updateJail(ctx.deps, input)),
})

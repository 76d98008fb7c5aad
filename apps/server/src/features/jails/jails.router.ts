import { JailInput, SetIdleInput, UpdateJailInput } from '@bangui/shared'
import * as z from 'zod'
import type { Context } from '../../context.ts'
import { procedure, router } from '../../trpc.ts'
import type { Session } from '../auth/session.ts'
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
  list: procedure('host.read').query(({ ctx }) => listJails(ctx.deps)),
  get: procedure('host.read')
    .input(JailInput)
    .query(({ ctx, input }) => getJail(ctx.deps, input.name, ctx.session.role)),
  tuning: procedure('host.read')
    .input(JailInput)
    .query(({ ctx, input }) => getTuning(ctx.deps, input.name)),
  filter: procedure('host.read')
    .input(JailInput)
    .query(({ ctx, input }) => getFilter(ctx.deps, input.name)),
  preview: procedure('config.write')
    .input(PreviewInput)
    .query(({ ctx, input }) => previewSwitch(ctx.deps, input.name, input.enabled)),
  activate: procedure('config.write')
    .input(JailInput)
    .mutation(({ ctx, input }) => switchJail(ctx.deps, input.name, true)),
  deactivate: procedure('config.write')
    .input(JailInput)
    .mutation(({ ctx, input }) => stopping(ctx, input.name, () => switchJail(ctx.deps, input.name, false))),
  start: procedure('jails.control')
    .input(JailInput)
    .mutation(({ ctx, input }) => startJail(ctx.deps, input.name, ctx.session.role)),
  stop: procedure('jails.control')
    .input(JailInput)
    .mutation(({ ctx, input }) =>
      stopping(ctx, input.name, () => stopJail(ctx.deps, input.name, ctx.session.role)),
    ),
  reload: procedure('jails.control')
    .input(JailInput)
    .mutation(({ ctx, input }) =>
      stopping(ctx, input.name, () => reloadJail(ctx.deps, input.name, ctx.session.role)),
    ),
  setIdle: procedure('jails.control')
    .input(SetIdleInput)
    .mutation(({ ctx, input }) => setIdle(ctx.deps, input.name, input.idle)),
  previewUpdate: procedure('config.write')
    .meta({ effect: 'none' })
    .input(UpdateJailInput)
    .mutation(({ ctx, input }) => previewUpdate(ctx.deps, input)),
  update: procedure('config.write')
    .input(UpdateJailInput)
    .mutation(({ ctx, input }) => updateJail(ctx.deps, input)),
})

import { JailInput, SetIdleInput, UpdateJailInput } from '@bangui/shared'
import * as z from 'zod'
import type { HostDeps } from '../../deps.ts'
import { hostProcedure, router, scopeProcedure } from '../../trpc.ts'
import type { Session } from '../auth/session.ts'
import { reloadJail, setIdle, startJail, stopJail } from './jail-verbs.ts'
import { getJail, listJails, previewSwitch, switchJail } from './jails.service.ts'
import { getFilter, getTuning, previewUpdate, updateJail } from './tune-jail.ts'

/** Remembers for whom a jail is stopped. */
const stopping = <TResult>(
  { deps, session }: { readonly deps: HostDeps; readonly session: Session },
  jail: string,
  work: () => Promise<TResult>,
): Promise<TResult> => deps.stopActors.during({ jail, by: session.userName }, work)

const PreviewInput = JailInput.extend({ enabled: z.boolean() })

export const jailsRouter = router({
  list: scopeProcedure.query(({ ctx }) => listJails(ctx.deps)),
  get: hostProcedure('host.read')
    .input(JailInput)
    .query(({ ctx, input }) => getJail(ctx.deps, input.name, ctx.session.role)),
  tuning: hostProcedure('host.read')
    .input(JailInput)
    .query(({ ctx, input }) => getTuning(ctx.deps, input.name)),
  filter: hostProcedure('host.read')
    .input(JailInput)
    .query(({ ctx, input }) => getFilter(ctx.deps, input.name)),
  preview: hostProcedure('config.write')
    .input(PreviewInput)
    .query(({ ctx, input }) => previewSwitch(ctx.deps, input.name, input.enabled)),
  activate: hostProcedure('config.write')
    .input(JailInput)
    .mutation(({ ctx, input }) => switchJail(ctx.deps, input.name, true)),
  deactivate: hostProcedure('config.write')
    .input(JailInput)
    .mutation(({ ctx, input }) => stopping(ctx, input.name, () => switchJail(ctx.deps, input.name, false))),
  start: hostProcedure('jails.control')
    .input(JailInput)
    .mutation(({ ctx, input }) => startJail(ctx.deps, input.name, ctx.session.role)),
  stop: hostProcedure('jails.control')
    .input(JailInput)
    .mutation(({ ctx, input }) =>
      stopping(ctx, input.name, () => stopJail(ctx.deps, input.name, ctx.session.role)),
    ),
  reload: hostProcedure('jails.control')
    .input(JailInput)
    .mutation(({ ctx, input }) =>
      stopping(ctx, input.name, () => reloadJail(ctx.deps, input.name, ctx.session.role)),
    ),
  setIdle: hostProcedure('jails.control')
    .input(SetIdleInput)
    .mutation(({ ctx, input }) => setIdle(ctx.deps, input.name, input.idle)),
  previewUpdate: hostProcedure('config.write')
    .meta({ effect: 'none' })
    .input(UpdateJailInput)
    .mutation(({ ctx, input }) => previewUpdate(ctx.deps, input)),
  update: hostProcedure('config.write')
    .input(UpdateJailInput)
    .mutation(({ ctx, input }) => updateJail(ctx.deps, input)),
})

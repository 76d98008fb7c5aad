import {
  JailChangeInput,
  JailInput,
  SetIdleInput,
  UpdateJailInput,
  type OperationKind,
  type Permission,
} from '@bangui/shared'
import * as z from 'zod'
import type { HostDeps } from '../../deps.ts'
import { hostProcedure, router, scopeProcedure } from '../../trpc.ts'
import type { Session } from '../auth/session.ts'
import { applierOf } from '../recovery/confirmation.ts'
import { opening } from '../operations/open-operation.ts'
import { outcomeOfChange } from '../operations/outcomes.ts'
import { loadJails, setIdle } from './jail-verbs.ts'
import { getJail, listJails, previewSwitch, switchJail } from './jails.service.ts'
import { getFilter, getTuning, previewUpdate, updateJail } from './tune-jail.ts'

/** Remembers for whom a jail is stopped. */
const stopping = <TResult>(
  { deps, session }: { readonly deps: HostDeps; readonly session: Session },
  jail: string,
  work: () => Promise<TResult>,
): Promise<TResult> => deps.stopActors.during({ jail, by: session.userName }, work)

/** Returns whose confirmation a change needs that can lock people out; undefined: nobody's. */
const confirmerOf = (
  { session }: { readonly session: Session },
  { provisional }: Pick<JailChangeInput, 'provisional'>,
) => (provisional === true ? applierOf(session) : undefined)

/** A mutation of one jail. `verb`: as in "Stopping jail sshd" */
const jailMutation = (permission: Permission, kind: OperationKind, verb: string) =>
  hostProcedure(permission)
    .meta({ effect: 'host' })
    .input(JailChangeInput)
    .use(
      opening(
        ({ name, operationId: id }: JailChangeInput) => ({ kind, title: `${verb} jail ${name}`, id }),
        outcomeOfChange,
      ),
    )

/** Loads a jail, or stops it: a change without files. */
const loadMutation = (how: 'start' | 'stop' | 'reload' | 'restart', verb: string) =>
  jailMutation('jails.control', `jail.${how}`, verb).mutation(({ ctx, input: { name: jail } }) =>
    stopping(ctx, jail, () =>
      loadJails(ctx.deps, { jail, how }, { role: ctx.session.role, operation: ctx.operation }),
    ),
  )

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
  activate: jailMutation('config.write', 'jail.activate', 'Activating').mutation(({ ctx, input }) =>
    switchJail(ctx.deps, {
      name: input.name,
      enabled: true,
      operationId: ctx.operation.id,
      confirmer: confirmerOf(ctx, input),
    }),
  ),
  deactivate: jailMutation('config.write', 'jail.deactivate', 'Deactivating').mutation(({ ctx, input }) =>
    stopping(ctx, input.name, () =>
      switchJail(ctx.deps, { name: input.name, enabled: false, operationId: ctx.operation.id }),
    ),
  ),
  start: loadMutation('start', 'Starting'),
  stop: loadMutation('stop', 'Stopping'),
  reload: loadMutation('reload', 'Reloading'),
  restart: loadMutation('restart', 'Restarting'),
  setIdle: hostProcedure('jails.control')
    .meta({ effect: 'host' })
    .input(SetIdleInput)
    .use(
      opening(
        ({ name, idle }: SetIdleInput) => ({
          kind: 'jail.idle',
          title: `${idle ? 'Pausing' : 'Resuming'} jail ${name}`,
        }),
        outcomeOfChange,
      ),
    )
    .mutation(({ ctx, input: { name, idle } }) => {
      const set = () => setIdle(ctx.deps, name, idle)
      return idle ? set() : ctx.deps.pauses.release(name, set)
    }),
  previewUpdate: hostProcedure('config.write')
    .meta({ effect: 'none' })
    .input(UpdateJailInput)
    .mutation(({ ctx, input }) => previewUpdate(ctx.deps, input)),
  update: hostProcedure('config.write')
    .meta({ effect: 'host' })
    .input(UpdateJailInput)
    .use(
      opening(
        ({ operationId: id, ...params }: UpdateJailInput) => ({
          id,
          kind: 'jail.update',
          title: `Changing jail ${params.name}`,
          params,
        }),
        outcomeOfChange,
      ),
    )
    .mutation(({ ctx, input }) =>
      updateJail(ctx.deps, input, {
        operationId: ctx.operation.id,
        confirmer: confirmerOf(ctx, input),
      }),
    ),
})

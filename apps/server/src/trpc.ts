import {
  ALL_HOSTS,
  can,
  errors,
  HostInput,
  HostScopeInput,
  type Permission,
  type PermissionHolder,
} from '@bangui/shared'
import { initTRPC, TRPCError } from '@trpc/server'
import { z } from 'zod'
import type { Context } from './context.ts'
import { hostDepsOf, scopeDepsOf } from './deps.ts'
import { endAtExpiry } from './features/live/end-at-expiry.ts'
import { resolveHost, resolveScope } from './hosts/resolve-host.ts'
import { AppError } from './lib/errors.ts'
import { fieldErrorsOf } from './lib/field-errors.ts'
import { redactForStrangers } from './redact-by-role.ts'
import { toAppError } from './lib/to-app-error.ts'

/** The requirements of a procedure. */
export interface ProcedureMeta {
  /** its requests may be large: they have lists of addresses, or texts of files */
  readonly isLarge?: boolean
  /**
   * what a mutation changes; every mutation declares it. `host`: something of fail2ban, and it opens an operation (see
   * features/operations/open-operation.ts); `account`: something of BanGUI's own; `none`: nothing
   */
  readonly effect?: 'host' | 'account' | 'none'
}

const t = initTRPC
  .context<Context>()
  .meta<ProcedureMeta>()
  .create({
    isDev: false,
    sse: {
      ping: { enabled: true, intervalMs: 5_000 },
      client: { reconnectAfterInactivityMs: 15_000 },
      maxDurationMs: 15 * 60_000,
    },
    errorFormatter: ({ shape, error }) => {
      const cause = error.cause
      const data = { ...shape.data, stack: undefined }
      if (cause instanceof AppError) {
        return {
          ...shape,
          message: cause.message,
          data: {
            ...data,
            reason: cause.code,
            params: cause.params,
            ...(cause.fieldErrors && { fieldErrors: cause.fieldErrors }),
          },
        }
      }
      if (cause instanceof z.ZodError) {
        const message = cause.issues[0]?.message ?? errors.invalid_input[1]
        const fieldErrors = fieldErrorsOf(cause)
        return { ...shape, message, data: { ...data, reason: 'invalid_input', fieldErrors } }
      }
      return { ...shape, data: { ...data, reason: reasonOf(error) } }
    },
  })

const reasonOf = (error: TRPCError) => {
  if (error.code === 'NOT_FOUND') return 'not_found'
  if (error.code === 'METHOD_NOT_SUPPORTED') return 'method_refused'
  return error.code === 'INTERNAL_SERVER_ERROR' ? 'internal' : 'invalid_input'
}

/** Turns whatever a service threw into a tRPC error with a code of the table; unknown errors are logged, not shown. */
const mapErrors = t.middleware(async ({ ctx, path, next }) => {
  const result = await next()
  if (result.ok) return result
  const cause = result.error.cause
  if (!cause) return result
  // what tRPC itself found wrong with a request, such as a body that is not JSON, has its code already
  if (result.error.code !== 'INTERNAL_SERVER_ERROR' && !(cause instanceof AppError)) return result
  const found = toAppError(cause, ctx.request.id)
  const appError = ctx.session ? found : redactForStrangers(found)
  if (appError.code === 'internal' || appError.code === 'database_unavailable') {
    ctx.deps.log.error(
      { event: 'request_failed', path, requestId: ctx.request.id, err: cause },
      'a request failed',
    )
  }
  throw new TRPCError({ code: errors[appError.code][0], message: appError.message, cause: appError })
})

const requirePermission = (permission: Permission) =>
  t.middleware(({ ctx, type, meta, next }) => {
    if (!ctx.session) throw new AppError('no_session')
    if (!can(ctx.session, permission)) throw new AppError('forbidden')
    // also here, not by the host alone: nothing is recorded of a change that will be refused
    if (ctx.deps.config.readOnly && type === 'mutation' && (meta?.effect ?? 'host') === 'host')
      throw new AppError('read_only')
    return next({ ctx: { ...ctx, session: ctx.session } })
  })

export const router = t.router
export const middleware = t.middleware
export const createCallerFactory = t.createCallerFactory

/** For everybody, signed in or not. */
export const publicProcedure = t.procedure.use(mapErrors)
/** For signed-in users whose role has the permission. */
export const procedure = (permission: Permission) => publicProcedure.use(requirePermission(permission))
/** For signed-in users who have the permission on the host that they name; `ctx.deps` are those of that host. */
export const hostProcedure = (permission: Permission) =>
  procedure(permission)
    .input(HostInput)
    .use(({ ctx, input, next }) => {
      const host = resolveHost(ctx.deps.hosts, { holder: ctx.session, permission }, input.host)
      return next({ ctx: { ...ctx, deps: hostDepsOf(ctx.deps, host) } })
    })
/** A stream about one host, which ends when the session expires. */
export const hostStreamProcedure = (permission: Permission) =>
  hostProcedure(permission).use(({ ctx, signal, next }) => {
    if (signal) endAtExpiry(ctx.deps, ctx.session, signal)
    return next()
  })
/** For every signed-in user, about the own account. */
export const accountProcedure = procedure('account.write').meta({ effect: 'account' })

const askerOf = (holder: PermissionHolder) => ({ holder, permission: 'host.read' }) as const

/** For those who may see the hosts that they name, one or `all`; `ctx.deps` are those of these hosts. */
const scopedProcedure = (byDefault?: typeof ALL_HOSTS) =>
  procedure('host.read')
    .input(HostScopeInput)
    .use(({ ctx, input, next }) => {
      const scope = resolveScope(ctx.deps.hosts, askerOf(ctx.session), input.host ?? byDefault)
      return next({ ctx: { ...ctx, deps: scopeDepsOf(ctx.deps, scope) } })
    })
/** For lists and numbers over one host or `all`. */
export const scopeProcedure = scopedProcedure()
/** For levels and streams: of all hosts that the caller may see, unless one is named. */
export const levelProcedure = scopedProcedure(ALL_HOSTS)
/** For what belongs to a row: the row has its host, which the caller may see or finds nothing. */
export const rowProcedure = procedure('host.read').use(({ ctx, next }) => {
  const scope = resolveScope(ctx.deps.hosts, askerOf(ctx.session), ALL_HOSTS)
  return next({ ctx: { ...ctx, deps: scopeDepsOf(ctx.deps, scope) } })
})
/** A stream, which ends when the session expires. */
export const streamProcedure = levelProcedure.use(({ ctx, signal, next }) => {
  if (signal) endAtExpiry(ctx.deps, ctx.session, signal)
  return next()
})
/** For slow reads: limits how many of them each user has running at once. */
export const readingProcedure = scopeProcedure.use(({ ctx, next }) =>
  ctx.deps.limitReadings(ctx.session.userId, () => next()),
)
/** For bans and unbans with a list of addresses: requests of up to 4 MiB instead of 64 KiB. */
export const addressListProcedure = hostProcedure('bans.write').meta({ isLarge: true })

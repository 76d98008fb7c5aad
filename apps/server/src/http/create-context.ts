import { DatabaseError } from '@bangui/db'
import { TRPCError } from '@trpc/server'
import type { Context, RequestInfo } from '../context.ts'
import type { Deps } from '../deps.ts'
import { SESSION_COOKIE } from '../features/auth/auth-cookies.ts'
import { AppError } from '../lib/errors.ts'
import { cookieName } from './cookies.ts'

/** What a procedure knows of its request. Only reads: that the session was used is noted after the answer. */
export async function createContext(deps: Deps, request: RequestInfo, headers: Headers): Promise<Context> {
  const token = request.cookies[cookieName(deps.config, SESSION_COOKIE)]
  if (token === undefined) return { deps, session: null, request, headers }
  try {
    return { deps, session: await deps.sessions.authenticate(token), request, headers }
  } catch (error) {
    throw contextError(deps, request.id, error)
  }
}

/** Notes that the request's session was used. Never rejects: the answer has been given. */
export async function afterRequest({ deps, session, request }: Context): Promise<void> {
  const token = request.cookies[cookieName(deps.config, SESSION_COOKIE)]
  if (!session || token === undefined) return
  await deps.sessions.touch(token, session).catch((error: unknown) => {
    deps.log.warn({ event: 'session_touch_failed', err: error }, 'noting the use of a session failed')
  })
}

function contextError(deps: Deps, requestId: string, error: unknown): TRPCError {
  deps.log.error({ event: 'request_failed', requestId, err: error }, 'a session could not be looked up')
  const cause =
    error instanceof DatabaseError
      ? new AppError('database_unavailable', { message: error.message }, { cause: error })
      : new AppError('internal', { requestId }, { cause: error })
  const code = cause.code === 'internal' ? 'INTERNAL_SERVER_ERROR' : 'SERVICE_UNAVAILABLE'
  return new TRPCError({ code, message: cause.message, cause })
}

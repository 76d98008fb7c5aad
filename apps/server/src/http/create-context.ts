import { errors } from '@bangui/shared'
import { TRPCError } from '@trpc/server'
import type { Context } from '../context.ts'
import type { RequestInfo } from './request-info.ts'
import type { Deps } from '../deps.ts'
import { SESSION_COOKIE } from '../features/auth/auth-cookies.ts'
import { redactForStrangers } from '../redact-by-role.ts'
import { toAppError } from '../lib/to-app-error.ts'
import { cookieName } from './cookies.ts'

/** Creates the context of a request. Only reads: the use of the session is recorded after the response. */
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
    deps.log.warn({ event: 'session_touch_failed', err: error }, 'the use of a session could not be recorded')
  })
}

function contextError(deps: Deps, requestId: string, error: unknown): TRPCError {
  deps.log.error({ event: 'request_failed', requestId, err: error }, 'a session could not be looked up')
  // whose session it was is not known
  const cause = redactForStrangers(toAppError(error, requestId))
  const code = errors[cause.code][0]
  return new TRPCError({ code, message: cause.message, cause })
}

import type { AnyRouter } from '@trpc/server'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import type { Context, RequestInfo } from '../context.ts'
import type { Deps } from '../deps.ts'
import { afterRequest, createContext } from './create-context.ts'
import { SESSION_COOKIE } from '../features/auth/auth-cookies.ts'
import { cookieName } from './cookies.ts'
import { BODY_LIMIT, readBody, STRANGER_BODY_LIMIT } from './read-body.ts'

/** The most procedures in one HTTP request. */
const MAX_BATCH = 20

/** Answers requests under `endpoint` with the router's procedures. */
export const createTrpcHandler =
  (deps: Deps, router: AnyRouter, endpoint: string) =>
  async (request: Request, info: RequestInfo): Promise<Response> => {
    let context: Context | undefined
    const response = await fetchRequestHandler({
      endpoint,
      router,
      req: await withBody(deps, request, info),
      maxBatchSize: MAX_BATCH,
      createContext: async ({ resHeaders }) => {
        context = await createContext(deps, info, resHeaders)
        return context
      },
    })
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false
    // a proxy that compresses would hold a stream back
    response.headers.set('cache-control', isStream ? 'no-store, no-transform' : 'no-store')
    if (context) void afterRequest(context)
    return response
  }

// read before tRPC does: it would answer a body that is too large as one that is not JSON
async function withBody(deps: Deps, request: Request, info: RequestInfo): Promise<Request> {
  if (request.method !== 'POST') return request
  const { url, method, headers, signal } = request
  const body = await readBody(request, await bodyLimit(deps, headers, info))
  return new Request(url, { method, headers, signal, body })
}

async function bodyLimit(deps: Deps, headers: Headers, { cookies }: RequestInfo): Promise<number> {
  const told = Number(headers.get('content-length') ?? Infinity)
  if (told <= STRANGER_BODY_LIMIT) return STRANGER_BODY_LIMIT
  const token = cookies[cookieName(deps.config, SESSION_COOKIE)]
  if (token === undefined) return STRANGER_BODY_LIMIT
  // what is wrong with the database is told when the request is answered
  const session = await deps.sessions.authenticate(token).catch(() => null)
  return session ? BODY_LIMIT : STRANGER_BODY_LIMIT
}

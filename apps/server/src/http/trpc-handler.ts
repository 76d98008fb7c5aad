import type { AnyRouter } from '@trpc/server'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import type { Context } from '../context.ts'
import type { RequestInfo } from './request-info.ts'
import type { Deps } from '../deps.ts'
import { SESSION_COOKIE } from '../features/auth/auth-cookies.ts'
import type { ProcedureMeta } from '../trpc.ts'
import { checkStructure } from './check-structure.ts'
import { cookieName } from './cookies.ts'
import { afterRequest, createContext } from './create-context.ts'
import { MAX_BODY_BYTES, MAX_LIST_BODY_BYTES, readBody, MAX_STRANGER_BODY_BYTES } from './read-body.ts'

/** The most procedures in one HTTP request. */
const MAX_BATCH = 20

/** Answers requests under `endpoint` with the router's procedures. */
export const createTrpcHandler =
  (deps: Deps, router: AnyRouter, endpoint: string) =>
  async (request: Request, info: RequestInfo): Promise<Response> => {
    let context: Context | undefined
    const path = new URL(request.url).pathname.slice(endpoint.length + 1)
    const isLarge = namesLargeProcedure(router, path)
    const response = await fetchRequestHandler({
      endpoint,
      router,
      req: await withBody(request, { deps, info, isLarge }),
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

interface Reading {
  readonly deps: Deps
  readonly info: RequestInfo
  /** the body may be large */
  readonly isLarge: boolean
}

// read before tRPC does, which would report a body that is too large as invalid JSON
async function withBody(request: Request, reading: Reading): Promise<Request> {
  if (request.method !== 'POST') return request
  const { url, method, headers, signal } = request
  const body = await readBody(request, await bodyLimit(headers, reading))
  checkStructure(body)
  return new Request(url, { method, headers, signal, body })
}

async function bodyLimit(headers: Headers, { deps, info, isLarge }: Reading): Promise<number> {
  const told = Number(headers.get('content-length') ?? Infinity)
  if (told <= MAX_STRANGER_BODY_BYTES) return MAX_STRANGER_BODY_BYTES
  const token = info.cookies[cookieName(deps.config, SESSION_COOKIE)]
  if (token === undefined) return MAX_STRANGER_BODY_BYTES
  // problems of the database are reported when the request is answered
  const session = await deps.sessions.authenticate(token).catch(() => null)
  if (!session) return MAX_STRANGER_BODY_BYTES
  return isLarge ? MAX_LIST_BODY_BYTES : MAX_BODY_BYTES
}

/** Returns whether a path, such as `bans.ban,bans.counts`, names a procedure whose requests may be large. */
const namesLargeProcedure = (router: AnyRouter, path: string): boolean =>
  path.split(',').some((name) => {
    const procedure = router._def.procedures[name] as { _def: { meta?: ProcedureMeta } } | undefined
    return procedure?._def.meta?.isLarge ?? false
  })

import { randomUUID } from 'node:crypto'
import type { HttpBindings } from '@hono/node-server'
import type { AnyRouter } from '@trpc/server'
import { Hono, type Context as HonoContext } from 'hono'
import type { RequestInfo } from './request-info.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../lib/errors.ts'
import { answerEarly } from './answer-early.ts'
import { createClientAddresses, createProxyCheck, FORWARDED_HEADERS, plainAddress } from './client-address.ts'
import { parseCookies } from './cookies.ts'
import { mountExport } from './export.ts'
import { checkHost, checkRead, checkWrite } from './guard.ts'
import { createHealth } from './health.ts'
import { errorResponse } from './http-error.ts'
import { securityHeaders } from './security-headers.ts'
import { createTrpcHandler } from './trpc-handler.ts'
import { openWebFiles, type WebFiles } from './web-files.ts'

interface Env {
  Bindings: Partial<HttpBindings>
  Variables: { requestId: string }
}

export interface HttpAppOptions {
  readonly router: AnyRouter
  /** the folder of the built web interface */
  readonly webDir: string
}

/** Everything that is served over HTTP. */
export function createHttpApp(deps: Deps, { router, webDir }: HttpAppOptions): Hono<Env> {
  const { config } = deps
  const app = new Hono<Env>({ strict: true })
  const headers = Object.entries(securityHeaders(config.publicUrl))
  const base = config.basePath
  const info = createRequestInfo(deps)
  const health = createHealth(deps)
  const trpc = createTrpcHandler(deps, router, `${base}trpc`)
  const web = openWebFiles(webDir, base)
  void deps.appState.update((state) => ({ ...state, build: web?.build ?? null }))

  app.use(async (c, next) => {
    c.set('requestId', randomUUID())
    await next()
    for (const [name, value] of headers) c.res.headers.set(name, value)
    c.res.headers.set('x-request-id', c.get('requestId'))
  })
  app.use(async (c, next) => {
    checkHost(c.req.raw, config)
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD') checkWrite(c.req.raw, config)
    await next()
  })
  app.all(`${base}trpc/*`, (c) => {
    checkRead(c.req.raw, config)
    return trpc(c.req.raw, info(c))
  })
  app.get(`${base}api/health`, () => health())
  mountExport(app, deps, info)
  if (base !== '/') app.get(base.slice(0, -1), (c) => c.redirect(base, 308))
  app.get(`${base}*`, (c) => webAnswer(web, c, base))
  app.notFound(() => errorResponse(new AppError('not_found')))
  app.onError((error, c) => failure(deps, c, error))
  return app
}

function createRequestInfo({ config, connections }: Deps) {
  const addresses = createClientAddresses(config.trustProxy)
  const isTrustedProxy = createProxyCheck(config.trustProxy)
  return (c: HonoContext<Env>): RequestInfo => {
    const socket = c.env.incoming?.socket
    const peer = socket?.remoteAddress ?? ''
    const forwarded = FORWARDED_HEADERS.some((name) => c.req.header(name) !== undefined)
    const caller = addresses.of({
      peer,
      forwardedFor: c.req.header('x-forwarded-for') ?? null,
      forwardedProto: c.req.header('x-forwarded-proto') ?? null,
      forwarded,
    })
    return {
      id: c.get('requestId'),
      remoteAddress: caller.address,
      sharedAddress: caller.shared,
      generation: socket ? connections.generationOf(socket) : 0,
      throughProxy: forwarded || isTrustedProxy(plainAddress(peer)),
      secure: caller.secure,
      userAgent: c.req.header('user-agent') ?? null,
      cookies: parseCookies(c.req.header('cookie') ?? null),
    }
  }
}

/** Returns a file, or for the path of a page of the interface, the page that starts it. */
async function webAnswer(web: WebFiles | null, c: HonoContext<Env>, base: string): Promise<Response> {
  const path = c.req.path.slice(base.length)
  const file = web?.find(path, c.req.raw)
  if (file) return file
  const wantsPage =
    (c.req.header('accept') ?? '').includes('text/html') || path === '' || path === 'index.html'
  if (!wantsPage || /^(api|trpc|assets)(\/|$)/.test(path)) return errorResponse(new AppError('not_found'))
  return web ? web.page() : errorResponse(new AppError('web_missing'))
}

function failure(deps: Deps, c: HonoContext<Env>, error: Error): Response | Promise<Response> {
  if (error instanceof AppError) {
    const response = errorResponse(error)
    return error.code === 'too_large' ? answerEarly(c.req.raw, response) : response
  }
  const requestId = c.get('requestId')
  // the sender has disconnected: nobody reads the response
  if (c.req.raw.signal.aborted)
    deps.log.debug({ event: 'request_aborted', requestId }, 'a request was cancelled by its sender')
  else
    deps.log.error({ event: 'request_failed', requestId, path: c.req.path, err: error }, 'a request failed')
  return errorResponse(new AppError('internal', { requestId }))
}

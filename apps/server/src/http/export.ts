import type { HttpBindings } from '@hono/node-server'
import type { Context as HonoContext, Hono } from 'hono'
import type { Context } from '../context.ts'
import type { RequestInfo } from './request-info.ts'
import { scopeDepsOf, type Deps } from '../deps.ts'
import { endAtExpiry } from '../features/live/end-at-expiry.ts'
import { resolveScope } from '../hosts/resolve-host.ts'
import { AppError } from '../lib/errors.ts'
import { toAppError } from '../lib/to-app-error.ts'
import { afterRequest, createContext } from './create-context.ts'
import { exportFormats, type ExportFormat } from './export-format.ts'
import { streamExport } from './export-stream.ts'
import { exportTables, parseFields, type ExportTable } from './export-tables.ts'
import { checkRead } from './guard.ts'

/**
 * Serves `api/export/{bans,history}.{csv,jsonl}?input=…` to every signed-in user. Problems are returned as an error before the
 * first byte; after it, the connection is cut.
 */
export function mountExport<TEnv extends { Bindings: Partial<HttpBindings> }>(
  app: Hono<TEnv>,
  deps: Deps,
  info: (c: HonoContext<TEnv>) => RequestInfo,
): void {
  app.get(`${deps.config.basePath}api/export/:file`, async (c) => {
    checkRead(c.req.raw, deps.config)
    const context = await signedIn(deps, info(c))
    const { name, table, format } = findFile(context, c.req.path, c.req.query('input') ?? '')
    void afterRequest(context)
    const headers = {
      'content-type': format.contentType,
      'content-disposition': `attachment; filename="${fileName(deps, name)}"`,
      // a proxy that compresses would hold it back
      'cache-control': 'no-store, no-transform',
    }
    const cut = () => void c.env.outgoing?.destroy()
    if (c.req.method === 'HEAD') return new Response(null, { headers })
    return new Response(await openStream(context, { table, format, request: c.req.raw, cut }), { headers })
  })
}

type SignedIn = Context & { readonly session: NonNullable<Context['session']> }

/** @throws AppError no_session */
async function signedIn(deps: Deps, request: RequestInfo): Promise<SignedIn> {
  const context = await createContext(deps, request, new Headers()).catch((error: unknown) => {
    throw error instanceof Error && error.cause instanceof AppError ? error.cause : error
  })
  if (!context.session) throw new AppError('no_session')
  return { ...context, session: context.session }
}

/** @throws AppError not_found, invalid_input, host_not_found */
function findFile({ deps, session }: SignedIn, path: string, input: string) {
  const [, name = '', kind = ''] = /\/([a-z]+)\.([a-z]+)$/.exec(path) ?? []
  if (!Object.hasOwn(exportTables, name) || !Object.hasOwn(exportFormats, kind))
    throw new AppError('not_found')
  const fields = parseFields(input)
  const scope = resolveScope(deps.hosts, { holder: session, permission: 'host.read' }, fields.host)
  const table = exportTables[name]?.(scopeDepsOf(deps, scope), fields)
  const format = exportFormats[kind as keyof typeof exportFormats]
  if (!table) throw new AppError('not_found')
  return { name: `${name}.${kind}`, table, format }
}

const fileName = ({ clock }: Deps, name: string) =>
  `bangui-${name.replace('.', `-${new Date(clock()).toISOString().slice(0, 10)}.`)}`

interface Opening {
  readonly table: ExportTable
  readonly format: ExportFormat
  readonly request: Request
  readonly cut: () => void
}

function visibleError({ log }: Deps, requestId: string, error: unknown): AppError {
  const found = toAppError(error, requestId)
  if (found.code === 'internal' || found.code === 'database_unavailable')
    log.error({ event: 'request_failed', requestId, err: error }, 'an export could not begin')
  return found
}

/** Reads the first page and returns the file as a stream, which ends with the session. */
async function openStream(context: SignedIn, opening: Opening): Promise<ReadableStream> {
  const { table, request } = opening
  const { deps, session } = context
  const requestId = context.request.id
  const done = new AbortController()
  const signal = deps.streams.open(session.id, AbortSignal.any([request.signal, done.signal]))
  endAtExpiry(deps, session, signal)
  const onEnd = (error?: unknown) => {
    if (error !== undefined && !signal.aborted)
      deps.log.error({ event: 'export_failed', requestId, err: error }, 'an export was cut off')
    done.abort()
  }
  try {
    const first = await table.page(null, signal)
    return streamExport({ ...opening, first, signal, onEnd })
  } catch (error) {
    done.abort()
    throw visibleError(deps, requestId, error)
  }
}

import type { Config } from '../config.ts'
import { AppError } from '../lib/errors.ts'
import { checkStructure } from './check-structure.ts'
import { isOwnHost } from './host-check.ts'
import { isOwnOrigin, mayRead } from './origin-check.ts'
import { MAX_LIST_BODY_BYTES } from './read-body.ts'

/** @throws AppError host_unknown for a request that addresses a name that is not ours */
export function checkHost(request: Request, config: Config): void {
  const given = [request.headers.get('host') ?? '', new URL(request.url).host]
  const foreign = given.find((host) => !isOwnHost(host, config))
  if (foreign !== undefined) {
    throw new AppError('host_unknown', {
      host: JSON.stringify(foreign.slice(0, 256)),
      variable: 'BANGUI_PUBLIC_URL',
    })
  }
}

/** @throws AppError for a request that changes things and is too large, not JSON, or from another site */
export function checkWrite(request: Request, config: Config): void {
  if (request.method !== 'POST') throw new AppError('method_refused')
  if (Number(request.headers.get('content-length') ?? 0) > MAX_LIST_BODY_BYTES) {
    throw new AppError('too_large', { limit: MAX_LIST_BODY_BYTES })
  }
  const contentType = request.headers.get('content-type') ?? ''
  if (contentType.split(';')[0]?.trim().toLowerCase() !== 'application/json')
    throw new AppError('content_type')
  if (!isOwnOrigin(sourceOf(request), config.publicUrl)) throw new AppError('origin_refused')
}

/** @throws AppError for a query that another site makes a browser send, or with an input that is nested too deeply */
export function checkRead(request: Request, config: Config): void {
  if (!mayRead(sourceOf(request), config.publicUrl)) throw new AppError('origin_refused')
  for (const value of new URL(request.url).searchParams.values()) checkStructure(Buffer.from(value))
}

const sourceOf = ({ headers }: Request) => ({
  origin: headers.get('origin'),
  host: headers.get('host') ?? '',
  fetchSite: headers.get('sec-fetch-site'),
})

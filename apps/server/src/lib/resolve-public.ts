import { untilAborted } from '@bangui/async'
import { lookup } from 'node:dns'
import { toFetchError } from './fetch-error.ts'
import type { FetchRules } from './fetch-public.ts'
import { checkLiteral, createLookup, createReach, literalOf } from './reach.ts'

export interface ResolveRequest {
  /** a name or an address */
  readonly host: string
  readonly port: number
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Returns an address of a host that BanGUI may connect to, for protocols other than HTTP: a program that connects to
 * this very address gains nothing from a name that changes its answer. @throws FetchError; the reason of the signal
 */
export async function resolvePublic(
  request: ResolveRequest,
  { allowPrivate, resolve = lookup }: Pick<FetchRules, 'allowPrivate' | 'resolve'>,
): Promise<string> {
  const target = { hostname: request.host, port: request.port }
  const timeout = AbortSignal.timeout(request.timeoutMs)
  const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout
  const reach = createReach(allowPrivate)
  try {
    checkLiteral(target, reach)
    const literal = literalOf(target)
    if (literal) return literal.text
    const found = new Promise<string>((done, fail) => {
      createLookup(target, reach, resolve)(request.host, { all: false }, (error, address) =>
        // an array only where all are asked for
        error || typeof address !== 'string' ? fail(error) : done(address),
      )
    })
    return await untilAborted(found, signal)
  } catch (error) {
    throw toFetchError(error, { request, host: request.host, timeout })
  }
}

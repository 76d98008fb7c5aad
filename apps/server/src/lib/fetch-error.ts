import { hideSecrets } from './hide-secrets.ts'
import { AddressRefused } from './reach.ts'

export type FetchErrorCode =
  | 'address_refused'
  | 'too_large'
  | 'timeout'
  | 'too_many_redirects'
  | 'scheme_refused'
  | 'failed'

/** An answer that could not be fetched; its message is a sentence for people. */
export class FetchError extends Error {
  override readonly name = 'FetchError'
  readonly code: FetchErrorCode

  constructor(code: FetchErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

export interface Failing {
  readonly request: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined }
  /** such as `lists.example.org:8443` */
  readonly host: string
  readonly timeout: AbortSignal
  /** the proxy that was asked, such as `proxy.example.org:3128`; null: none */
  readonly proxy?: string | null
  /** what neither the error nor its cause may have, since both are shown and logged */
  readonly secrets?: readonly string[]
}

/** Returns an error with a sentence; the reason of the caller's signal, where that has aborted. */
export function toFetchError(error: unknown, failing: Failing): unknown {
  const { request, host, timeout, secrets = [] } = failing
  if (request.signal?.aborted) return request.signal.reason
  if (error instanceof FetchError) return error
  if (error instanceof AddressRefused)
    return new FetchError('address_refused', error.message, { cause: error })
  if (timeout.aborted) {
    const seconds = Math.ceil(request.timeoutMs / 1_000).toLocaleString('en')
    return new FetchError('timeout', `${host} did not send everything within ${seconds} s.`, {
      cause: withoutSecrets(error, secrets),
    })
  }
  return new FetchError('failed', hideSecrets(sentenceOf(error, failing), secrets), {
    cause: withoutSecrets(error, secrets),
  })
}

/** Returns an error as it may be logged: Node's own can quote addresses, proxies and headers. */
function withoutSecrets(error: unknown, secrets: readonly string[]): unknown {
  if (secrets.length === 0 || !(error instanceof Error)) return error
  const copy = new Error(hideSecrets(error.message, secrets))
  if (error.stack !== undefined) copy.stack = hideSecrets(error.stack, secrets)
  return 'code' in error ? Object.assign(copy, { code: error.code }) : copy
}

/** What fails on the way to a proxy, where there is one. */
const onTheWay = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

const sentences: Readonly<Record<string, string>> = {
  ENOTFOUND: 'has no address: the name does not exist, or this machine cannot look it up',
  EAI_AGAIN: 'could not be looked up: the DNS server does not answer',
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'closed the connection before the end of its answer',
  ETIMEDOUT: 'did not answer',
  EHOSTUNREACH: 'cannot be reached from this machine',
  ENETUNREACH: 'cannot be reached from this machine',
  EPIPE: 'closed the connection before the end of its answer',
  CERT_HAS_EXPIRED: 'has a certificate that has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'has a certificate that it signed itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'has a certificate of an authority that this machine does not trust',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'has a certificate that cannot be verified',
  ERR_TLS_CERT_ALTNAME_INVALID: 'has a certificate for another name',
  ERR_PROXY_TUNNEL: 'cannot be reached: the proxy refused the connection',
  Z_DATA_ERROR: 'sent a packed answer that is damaged',
  Z_BUF_ERROR: 'sent a packed answer that ends too early',
}

function sentenceOf(error: unknown, { host, proxy }: Pick<Failing, 'host' | 'proxy'>): string {
  // a name with several addresses fails with one error for each of them
  const [first = error] = error instanceof AggregateError ? (error.errors as unknown[]) : []
  const code = first instanceof Error && 'code' in first ? String(first.code) : ''
  const known = sentences[code]
  const subject = typeof proxy === 'string' && onTheWay.has(code) ? `The proxy ${proxy}` : host
  if (known !== undefined) return `${subject} ${known} (${code}).`
  return `${host} could not be fetched: ${first instanceof Error ? first.message : String(first)}`
}

/** Returns a size such as "64 MiB" or "100 bytes". */
export function bytesText(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB']
  const unit = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10))
  const count = bytes / 1024 ** unit
  return `${count.toLocaleString('en', { maximumFractionDigits: 1 })} ${units[unit]}`
}

import { lookup } from 'node:dns'
import { Agent as HttpAgent, request as requestHttp, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { pipeline, Readable, type Duplex } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { bytesText, FetchError, toFetchError } from './fetch-error.ts'
import { secretsOfUrl } from './hide-secrets.ts'
import { portOf, proxyOf, type Proxies } from './proxy-of.ts'
import {
  AddressRefused,
  checkLiteral,
  createLookup,
  createReach,
  literalOf,
  type PrivateUrls,
  type Reach,
  type Resolve,
} from './reach.ts'

export interface FetchRequest {
  readonly url: string
  /** @default 'GET' */
  readonly method?: 'GET' | 'POST' | 'PUT' | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: string | Uint8Array | undefined
  /** of the body, as it comes and unpacked: a longer one is an error */
  readonly maxBytes: number
  /** for the whole exchange, redirects and body included */
  readonly timeoutMs: number
  /** 0: an answer that redirects is an error */
  readonly maxRedirects: number
  readonly signal?: AbortSignal | undefined
}

export interface FetchAnswer {
  readonly status: number
  /** by names in lower case; several values of a name are joined with a comma */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** where the answer came from, after redirects */
  readonly url: string
  /** unpacked, to be read once. @throws FetchError */
  readonly body: AsyncIterable<Uint8Array>
  /** Returns the body as text. @throws FetchError */
  text(): Promise<string>
  /** Ends the connection, where the body is not wanted. */
  close(): void
}

/** What BanGUI may reach, and how. */
export interface FetchRules {
  readonly allowPrivate: PrivateUrls
  readonly proxies?: Proxies | undefined
  /** the resolver of names @default the machine's */
  readonly resolve?: Resolve | undefined
}

/** Fetches an http or https address by the rules of this BanGUI. */
export type FetchPublic = (request: FetchRequest) => Promise<FetchAnswer>

/** Creates {@link FetchPublic} from the configuration. */
export const createFetchPublic =
  ({
    allowPrivateUrls,
    proxies,
  }: {
    readonly allowPrivateUrls: PrivateUrls
    readonly proxies?: Proxies
  }): FetchPublic =>
  (request) =>
    fetchPublic(request, { allowPrivate: allowPrivateUrls, proxies })

/** Fetches something from a server that somebody named. @throws FetchError; the reason of the signal */
export async function fetchPublic(request: FetchRequest, rules: FetchRules): Promise<FetchAnswer> {
  const timeout = AbortSignal.timeout(request.timeoutMs)
  const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout
  const reach = createReach(rules.allowPrivate)
  const errorOf = (error: unknown, url: URL) => {
    const proxy = rules.proxies ? proxyOf(url, rules.proxies) : null
    const secrets = [...secretsOfUrl(url.href), ...(proxy === null ? [] : secretsOfUrl(proxy))]
    const failing = { request, host: url.host, timeout, proxy: proxy && new URL(proxy).host, secrets }
    return toFetchError(error, failing)
  }
  let sent: Sent = {
    url: parseUrl(request.url),
    method: request.method ?? 'GET',
    headers: request.headers ?? {},
    body: request.body,
  }
  for (let redirects = 0; ; redirects += 1) {
    const { url } = sent
    const response = await send(sent, { rules, reach, signal }).catch((error: unknown) => {
      throw errorOf(error, url)
    })
    const next = redirectOf(sent, response)
    if (!next) return answerOf(response, { request, url, errorOf: (error) => errorOf(error, url) })
    response.destroy()
    if (redirects >= request.maxRedirects) {
      const limit = request.maxRedirects === 0 ? '' : ` more than ${request.maxRedirects} times`
      throw new FetchError(
        'too_many_redirects',
        `${url.host} redirects${limit}, which BanGUI does not follow.`,
      )
    }
    sent = next
  }
}

interface Sent {
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | undefined
}

function parseUrl(text: string, base?: URL): URL {
  if (!URL.canParse(text, base?.href)) throw new FetchError('failed', 'This is not a valid address.')
  const url = new URL(text, base?.href)
  if (url.protocol === 'http:' || url.protocol === 'https:') return url
  const from = base ? `${base.host} redirects to` : 'BanGUI does not fetch'
  throw new FetchError(
    'scheme_refused',
    `${from} ${url.protocol} addresses; only http and https are fetched.`,
  )
}

interface Sending {
  readonly rules: FetchRules
  readonly reach: Reach
  readonly signal: AbortSignal
}

async function send(
  { url, method, headers, body }: Sent,
  { rules, reach, signal }: Sending,
): Promise<IncomingMessage> {
  signal.throwIfAborted()
  const target = { hostname: url.hostname, port: portOf(url) }
  checkLiteral(target, reach)
  const lookupReachable = createLookup(target, reach, rules.resolve ?? lookup)
  const proxy = rules.proxies ? proxyOf(url, rules.proxies) : null
  if (proxy !== null && !literalOf(target)) await checkName(url.hostname, lookupReachable)
  const isSecure = url.protocol === 'https:'
  const agentOptions = {
    keepAlive: false,
    ...(proxy !== null && { proxyEnv: { HTTP_PROXY: proxy, HTTPS_PROXY: proxy } }),
  }
  const options = {
    method,
    headers: {
      'accept-encoding': 'gzip',
      ...headers,
      ...(body !== undefined && { 'content-length': `${Buffer.byteLength(body)}` }),
    },
    // the very look-up that the connection uses; a proxy looks up names itself, and is wherever the environment says
    ...(proxy === null && { lookup: lookupReachable }),
    agent: isSecure ? new HttpsAgent(agentOptions) : new HttpAgent(agentOptions),
    signal,
  }
  return new Promise((resolve, reject) => {
    const outgoing = (isSecure ? requestHttps : requestHttp)(url, options)
    outgoing.on('response', resolve)
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

/** Refuses a name that this machine knows to be private. What it cannot look up is left to the proxy. */
function checkName(hostname: string, lookupReachable: ReturnType<typeof createLookup>): Promise<void> {
  return new Promise((resolve, reject) => {
    lookupReachable(hostname, { all: true }, (error) => {
      if (error instanceof AddressRefused) reject(error)
      else resolve()
    })
  })
}

const redirects = new Set([301, 302, 303, 307, 308])

/** Returns what an answer redirects to; undefined: it does not. @throws FetchError scheme_refused, failed */
function redirectOf(sent: Sent, { statusCode = 0, headers }: IncomingMessage): Sent | undefined {
  if (!redirects.has(statusCode) || headers.location === undefined) return undefined
  const url = parseUrl(headers.location, sent.url)
  if (sent.url.protocol === 'https:' && url.protocol === 'http:')
    throw new FetchError(
      'scheme_refused',
      `${sent.url.host} redirects from https to http, which is not secure.`,
    )
  const keepsMethod = statusCode >= 307 || sent.method === 'GET'
  const isElsewhere = url.origin !== sent.url.origin
  return {
    url,
    method: keepsMethod ? sent.method : 'GET',
    headers: isElsewhere ? withoutSecrets(sent.headers) : sent.headers,
    body: keepsMethod ? sent.body : undefined,
  }
}

/** Returns the headers that another server may see: none that a user chose. */
const withoutSecrets = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(headers).filter(([name]) => /^(?:accept|content-|user-agent)/i.test(name)),
  )

interface Answering {
  readonly request: FetchRequest
  readonly url: URL
  readonly errorOf: (error: unknown) => unknown
}

function answerOf(response: IncomingMessage, { request, url, errorOf }: Answering): FetchAnswer {
  const { maxBytes } = request
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  )
  const tooLarge = () =>
    new FetchError('too_large', `The answer of ${url.host} is larger than ${bytesText(maxBytes)}.`)
  if (Number(headers['content-length'] ?? 0) > maxBytes) {
    response.destroy()
    throw tooLarge()
  }
  async function* read(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of limited(unpacked(response, maxBytes, tooLarge), maxBytes, tooLarge))
        yield chunk
    } catch (error) {
      throw errorOf(error)
    } finally {
      response.destroy()
    }
  }
  const body = read()
  return {
    status: response.statusCode ?? 0,
    headers,
    url: url.href,
    body,
    async text() {
      const chunks: Uint8Array[] = []
      for await (const chunk of body) chunks.push(chunk)
      return Buffer.concat(chunks).toString('utf8')
    },
    close: () => void response.destroy(),
  }
}

const unpackers: ReadonlyMap<string, () => Duplex> = new Map<string, () => Duplex>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
])

/** Returns the content of a body that came packed for the transport. @throws FetchError failed */
function unpacked(
  response: IncomingMessage,
  maxBytes: number,
  tooLarge: () => FetchError,
): AsyncIterable<Uint8Array> {
  const encoding = (response.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  if (encoding === 'identity' || encoding === '') return response
  const create = unpackers.get(encoding)
  if (!create)
    throw new FetchError(
      'failed',
      `The answer has the encoding ${JSON.stringify(encoding.slice(0, 30))}, which BanGUI cannot read.`,
    )
  return decompress(limited(response, maxBytes, tooLarge), create())
}

/** Returns what a decompressor makes of the chunks; it is ended with the reading. */
function decompress(chunks: AsyncIterable<Uint8Array>, stream: Duplex): AsyncIterable<Uint8Array> {
  // an error ends the stream, and so the reading
  pipeline(Readable.from(chunks), stream, () => undefined)
  return stream as AsyncIterable<Uint8Array>
}

async function* limited(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
  tooLarge: () => FetchError,
): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.byteLength
    if (size > maxBytes) throw tooLarge()
    yield chunk
  }
}

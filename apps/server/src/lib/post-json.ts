import { lookup, type LookupAddress } from 'node:dns'
import { request as requestHttp, type IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import { parseAddress } from '@bangui/shared'

export interface PostOptions {
  readonly url: URL
  readonly body: unknown
  /** for the whole exchange, in milliseconds */
  readonly timeout: number
  /** a longer answer is an error */
  readonly maxBytes: number
  /** private and loopback addresses may be reached */
  readonly allowPrivate: boolean
  readonly signal?: AbortSignal | undefined
}

export interface Answer {
  readonly status: number
  header(name: string): string | undefined
  readonly text: string
}

/** Posts JSON to a public server. Redirects are not followed, compression is not requested. @throws Error with a sentence */
export async function postJson(options: PostOptions): Promise<Answer> {
  const { url, allowPrivate } = options
  const literal = parseAddress(url.hostname.replace(/^\[(.*)\]$/, '$1'))
  if (literal && literal.kind !== 'public' && !allowPrivate) throw new Error(refusal(literal.text))
  const timeout = AbortSignal.timeout(options.timeout)
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout
  const response = await send(options, signal)
  const header = (name: string) => {
    const value = response.headers[name]
    return Array.isArray(value) ? value[0] : value
  }
  return { status: response.statusCode ?? 0, header, text: await readText(response, options.maxBytes) }
}

function send({ url, body, allowPrivate }: PostOptions, signal: AbortSignal): Promise<IncomingMessage> {
  const text = JSON.stringify(body)
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
        accept: 'application/json',
      },
      // the very look-up that the connection uses: a name that changes its mind in between gains nothing
      ...(allowPrivate ? {} : { lookup: lookupPublic }),
      signal,
    })
    sent.on('response', resolve)
    sent.on('error', reject)
    sent.end(text)
  })
}

const lookupPublic: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    const inside = error ? undefined : found.find(({ address }) => parseAddress(address)?.kind !== 'public')
    const problem = error ?? (inside ? new Error(refusal(inside.address)) : null)
    answer(problem, found, { all: options.all ?? false, callback })
  })
}

interface Asked {
  readonly all: boolean
  readonly callback: Parameters<LookupFunction>[2]
}

function answer(problem: Error | null, found: LookupAddress[], { all, callback }: Asked): void {
  const [first] = found ?? []
  if (problem || !first) callback(problem ?? new Error('the name has no address'), '', 4)
  else if (all) callback(null, found)
  else callback(null, first.address, first.family)
}

const refusal = (address: string) =>
  `${address} is not a public address; set BANGUI_ALLOW_PRIVATE_URLS=true to reach it`

async function readText(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.byteLength
    // leaving the loop ends the connection
    if (size > maxBytes) throw new Error(`the answer is longer than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

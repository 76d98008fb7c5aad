import type * as z from 'zod'
import { HOUR_MS } from '@bangui/shared'
import type { FetchAnswer } from '../../../lib/fetch-public.ts'
import type { ChannelTools, SendResult } from './channel.ts'

const TIMEOUT_MS = 10_000
const MAX_ANSWER_BYTES = 2 ** 20
/** a wrong header must not silence a channel for days */
const MAX_RETRY_AFTER_MS = HOUR_MS

export interface JsonPost {
  readonly url: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

/** What a service says beside the status. */
export interface Explained {
  readonly message?: string | undefined
  readonly retryAfterMs?: number | undefined
}

/**
 * Posts JSON and returns what became of it. `explain` reads the body of an answer that says more than its status.
 * Redirects are not followed: they could take the message and its secrets to another server.
 */
export async function postJson(
  { url, body, headers }: JsonPost,
  tools: ChannelTools,
  explain: (text: string) => Explained = () => ({}),
): Promise<SendResult> {
  try {
    const response = await tools.fetchPublic({
      url,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'BanGUI', ...headers },
      body,
      maxBytes: MAX_ANSWER_BYTES,
      timeoutMs: TIMEOUT_MS,
      maxRedirects: 0,
      signal: tools.signal,
    })
    return resultOf(response, await textOf(response), { tools, explain })
  } catch (error) {
    return failureOf(error)
  }
}

const isAccepted = (status: number) => status >= 200 && status < 300

/** Returns the body of an answer. A message that was accepted must not be sent again because the body is too long or breaks off. */
async function textOf(response: FetchAnswer): Promise<string> {
  try {
    return await response.text()
  } catch (error) {
    if (isAccepted(response.status)) return ''
    throw error
  }
}

function resultOf(
  response: FetchAnswer,
  text: string,
  { tools, explain }: { tools: ChannelTools; explain: (text: string) => Explained },
): SendResult {
  const { status } = response
  const { message, retryAfterMs: told } = explain(text)
  if (isAccepted(status)) {
    // services repeat the message as JSON
    return { ok: true, answer: sayAnswer(status, tools.quote(/^\s*[{[<]/.test(text) ? '' : text)) }
  }
  const words = sayAnswer(status, tools.quote(message ?? text))
  const retryAfterMs = told ?? readRetryAfter(response.headers['retry-after'], tools.now())
  if (status === 429 || status === 503)
    return {
      ok: false,
      answer: words,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs: Math.min(retryAfterMs, MAX_RETRY_AFTER_MS) }),
    }
  const isPermanent = status >= 300 && status < 500 && status !== 408 && status !== 425
  return { ok: false, answer: words, ...(isPermanent ? { permanent: true } : {}) }
}

/** Returns a sentence about an answer: "The server answered 401: wrong token". */
function sayAnswer(status: number, words: string): string {
  const isPage = /^<(?:!doctype|html)/i.test(words)
  const rest = isPage ? 'an HTML page' : words
  return rest === '' ? `The server answered ${status}.` : `The server answered ${status}: ${rest}`
}

/** Returns the result for an error on the way, such as a connection that was refused. */
export function failureOf(error: unknown): SendResult {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const answer = error instanceof Error ? error.message : 'The message could not be sent.'
  if (code === 'too_many_redirects')
    return {
      ok: false,
      answer: 'The server redirects to another address. Enter that address instead.',
      permanent: true,
    }
  const isPermanent = code === 'address_refused' || code === 'scheme_refused'
  return { ok: false, answer, ...(isPermanent ? { permanent: true } : {}) }
}

/** Returns the milliseconds of a `Retry-After` header: seconds, or a date. */
function readRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined
  const seconds = Number(value)
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(value) - now
  return Number.isFinite(ms) && ms > 0 ? Math.ceil(ms) : undefined
}

/** Returns JSON of a service that fits the model; undefined: it does not. */
export function parseJson<TModel extends z.ZodType>(
  text: string,
  model: TModel,
): z.infer<TModel> | undefined {
  try {
    return model.safeParse(JSON.parse(text)).data
  } catch {
    return undefined // an error page of a proxy, for example
  }
}

/** Returns the address of a path below that of a server, which may have a path of its own. */
export function serviceUrl(server: string, path: string): string {
  const url = new URL(server)
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${path}`
  return url.href
}

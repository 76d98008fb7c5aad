import { nextTurn } from '@bangui/async'
import { HostError, type HostErrorCode, type HostErrorParams } from '../host-error.ts'
import type { Fail2banHost } from '../host.ts'

/**
 * Returns a host that is reached as if over a wire: arguments, results, steps and errors arrive as copies that were JSON
 * on the way. A value that JSON would change is an error that names its place. Only an AbortSignal stays on its side: its
 * abort arrives as a message.
 */
export function createWireHost(host: Fail2banHost): Fail2banHost {
  const groups = Object.entries(host).map(([name, verbs]: [string, unknown]) => [
    name,
    typeof verbs === 'function' ? verbs : wired(name, verbs as Verbs),
  ])
  return Object.fromEntries(groups) as Fail2banHost
}

type Verbs = Readonly<Record<string, (...args: readonly unknown[]) => unknown>>

/** Verbs are looked up when they are called: a test may set another one later. */
const wired = (group: string, verbs: Verbs) =>
  new Proxy(verbs, {
    get: (target, verb) =>
      typeof verb === 'string' && typeof target[verb] === 'function'
        ? (...args: readonly unknown[]) => call(`${group}.${verb}`, target[verb] as Verbs[string], args)
        : undefined,
  })

function call(name: string, verb: Verbs[string], given: readonly unknown[]): unknown {
  const { args, signal, stop } = sendArguments(name, given)
  const receive = (value: unknown) => overWire(`the result of ${name}`, value)
  let answer: unknown
  try {
    answer = verb(...args)
  } catch (error) {
    answer = Promise.reject(error)
  }
  if (isAsyncIterable(answer)) return receiveItems(answer, { receive, signal, stop })
  return Promise.resolve(answer)
    .then(receive)
    .catch((error: unknown) => {
      throw receiveError(error, signal)
    })
    .finally(stop)
}

interface Receiving {
  readonly receive: (value: unknown) => unknown
  readonly signal: AbortSignal | undefined
  readonly stop: () => void
}

async function* receiveItems(
  items: AsyncIterable<unknown>,
  { receive, signal, stop }: Receiving,
): AsyncGenerator {
  try {
    for await (const item of items) yield receive(item)
  } catch (error) {
    throw receiveError(error, signal)
  } finally {
    stop()
  }
}

/** Returns the arguments as they arrive; a signal among the options is followed by one of the other side. */
function sendArguments(name: string, given: readonly unknown[]) {
  const far = new AbortController()
  const options = given.find(
    (value): value is { readonly signal: AbortSignal } => signalOf(value) !== undefined,
  )
  const signal = options?.signal
  const onAbort = () => void nextTurn().then(() => far.abort())
  if (signal?.aborted === true) far.abort()
  else signal?.addEventListener('abort', onAbort, { once: true })
  const args = given.map((value, index) => {
    if (value === undefined) return undefined
    if (value !== options) return overWire(`argument ${index + 1} of ${name}`, value)
    const rest = overWire(`argument ${index + 1} of ${name}`, { ...options, signal: undefined })
    return { ...(rest as object), signal: far.signal }
  })
  return { args, signal, stop: () => signal?.removeEventListener('abort', onAbort) }
}

const signalOf = (value: unknown): AbortSignal | undefined =>
  typeof value === 'object' && value !== null && 'signal' in value && value.signal instanceof AbortSignal
    ? value.signal
    : undefined

/** Builds the error again from what a wire carries. */
function receiveError(error: unknown, signal: AbortSignal | undefined): unknown {
  if (error instanceof NotPlainError) return error
  if (signal?.aborted === true && !(error instanceof HostError)) return signal.reason
  const sent =
    error instanceof HostError
      ? { code: error.code as HostErrorCode, params: error.params as HostErrorParams[HostErrorCode] }
      : {
          code: 'internal' as const,
          params: { message: error instanceof Error ? error.message : String(error) },
        }
  const { code, params } = overWire('an error', sent) as typeof sent
  return new HostError(code, params)
}

/** Returns the copy of a value that arrives on the other side. @throws NotPlainError where it is not equal */
function overWire(name: string, value: unknown): unknown {
  assertPlain(name, value)
  const { content } = structuredClone(JSON.parse(JSON.stringify({ content: value }))) as { content?: unknown }
  return content
}

class NotPlainError extends TypeError {
  override readonly name = 'NotPlainError'
}

/** Properties that are undefined are absent on the other side, which means the same. */
function assertPlain(name: string, value: unknown): void {
  if (value === null || ['undefined', 'string', 'boolean'].includes(typeof value)) return
  if (typeof value === 'number' && Number.isFinite(value)) return
  if (Array.isArray(value)) {
    for (const [index, item] of (value as readonly unknown[]).entries()) {
      if (item === undefined) throw new NotPlainError(`${name}[${index}] is undefined`)
      assertPlain(`${name}[${index}]`, item)
    }
    return
  }
  const prototype: unknown = typeof value === 'object' ? Object.getPrototypeOf(value) : undefined
  if (prototype !== Object.prototype && prototype !== null)
    throw new NotPlainError(`${name} is no plain JSON: ${Object.prototype.toString.call(value)}`)
  for (const [key, item] of Object.entries(value as object)) assertPlain(`${name}.${key}`, item)
}

const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value

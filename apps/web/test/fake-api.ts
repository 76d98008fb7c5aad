import { type Api, createApi } from '../src/api/create-api.ts'

/** Replies to the procedure of a path; throws {@link Refusal} to refuse. */
export type Procedures = Readonly<Record<string, (input: unknown) => unknown>>

/** An error of the server. */
export class Refusal extends Error {
  readonly reason: string
  readonly data: Record<string, unknown>

  constructor(reason: string, message: string, data: Record<string, unknown> = {}) {
    super(message)
    this.reason = reason
    this.data = data
  }
}

/** The real client over a server that is a table of functions. Calls are recorded as `path input`. */
export function createFakeApi(procedures: Procedures): { api: Api; calls: string[] } {
  const calls: string[] = []
  const answer = async (path: string, input: unknown) => {
    calls.push(input === undefined ? path : `${path} ${JSON.stringify(input)}`)
    try {
      const procedure = procedures[path]
      if (!procedure) throw new Refusal('not_found', `no procedure ${path}`)
      return { result: { data: await procedure(input) } }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const data = { code: 'BAD_REQUEST', httpStatus: 400, path, reason: error.reason, ...error.data }
      return { error: { message: error.message, code: -32_600, data } }
    }
  }
  const fakeFetch: typeof fetch = async (target, init) => {
    const url = new URL(target instanceof Request ? target.url : target)
    const paths = url.pathname.replace('/trpc/', '').split(',')
    const body = typeof init?.body === 'string' ? init.body : url.searchParams.get('input')
    const inputs = JSON.parse(body ?? '{}') as Record<string, unknown>
    const { promise: givenUp, reject } = Promise.withResolvers<never>()
    init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
    const answers = await Promise.race([
      Promise.all(paths.map((path, index) => answer(path, inputs[index]))),
      givenUp,
    ])
    return new Response(JSON.stringify(answers), { headers: { 'content-type': 'application/json' } })
  }
  return { api: createApi({ url: 'http://bangui.test/trpc', fetch: fakeFetch }), calls }
}

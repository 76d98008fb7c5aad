// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { createFakeApi, Refusal } from '../../test/fake-api.ts'
import { createApi } from './create-api.ts'
import { describeError } from './errors.ts'

const errorOf = async (work: () => Promise<unknown>) => {
  try {
    await work()
  } catch (error) {
    return describeError(error)
  }
  throw new Error('nothing was refused')
}

const apiWith = (answer: () => Response) => {
  const api = createApi({ url: 'http://bangui.test/trpc', fetch: async () => answer() })
  return () => api.jails.list.query()
}

describe('describeError', () => {
  it("returns the server's code, sentence, fields and params", async () => {
    const { api } = createFakeApi({
      'settings.update': () => {
        throw new Refusal('invalid_input', 'Too big.', {
          fieldErrors: { probeIntervalSeconds: ['Too big.'] },
          params: { limit: 3600 },
        })
      },
    })
    expect(await errorOf(() => api.settings.update.mutate({ probeIntervalSeconds: 9999 }))).toEqual({
      reason: 'invalid_input',
      message: 'Too big.',
      fieldErrors: { probeIntervalSeconds: ['Too big.'] },
      params: { limit: 3600 },
    })
  })

  it('returns unreachable if the server does not reply', async () => {
    const call = apiWith(() => {
      throw new TypeError('fetch failed')
    })
    expect(await errorOf(call)).toMatchObject({ reason: 'unreachable' })
  })

  it("distinguishes a proxy's error page from a reply of the server", async () => {
    const call = apiWith(() => new Response('<h1>502 Bad gateway</h1>', { status: 502 }))
    expect(await errorOf(call)).toMatchObject({ reason: 'unreachable' })
  })

  it('reads an error from before tRPC, which is one error for the whole batch', async () => {
    const body = {
      error: {
        message: 'This server does not answer to the name x.',
        data: { code: 'FORBIDDEN', reason: 'host_unknown', params: { host: 'x' } },
      },
    }
    const call = apiWith(() => Response.json(body, { status: 403 }))
    expect(await errorOf(call)).toEqual({
      reason: 'host_unknown',
      message: 'This server does not answer to the name x.',
      params: { host: 'x' },
    })
  })

  it('has a sentence for an error that does not come from the API', () => {
    expect(describeError(new RangeError('oops'))).toMatchObject({ reason: 'unknown' })
    expect(describeError(undefined).message).not.toBe('')
  })
})

describe('the client', () => {
  it('sends a mutation without input as JSON', async () => {
    let sent: RequestInit | undefined
    const api = createApi({
      url: 'http://bangui.test/trpc',
      fetch: async (_url, init) => {
        sent = init
        return Response.json([{ result: { data: null } }])
      },
    })
    await api.recovery.rollback.mutate()
    expect(sent?.body).toBe('{}')
    expect(new Headers(sent?.headers).get('content-type')).toBe('application/json')
  })
})

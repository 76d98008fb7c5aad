import { describe, expect, it } from 'vitest'
import type { Resolve } from './reach.ts'
import { resolvePublic } from './resolve-public.ts'

const to =
  (address: string): Resolve =>
  (_name, _options, callback) =>
    callback(null, [{ address, family: 4 }])

const find = (host: string, resolve: Resolve, over: { timeoutMs?: number; signal?: AbortSignal } = {}) =>
  resolvePublic({ host, port: 25, timeoutMs: 60_000, ...over }, { allowPrivate: ['10.0.0.5:25'], resolve })

describe('the address of a host', () => {
  it('is what its name has, or itself', async () => {
    expect(await find('mail.example.org', to('8.8.8.8'))).toBe('8.8.8.8')
    expect(await find('mail.lan', to('10.0.0.5'))).toBe('10.0.0.5')
    expect(await find('[2a00:1450::1]', to('10.0.0.6'))).toBe('2a00:1450::1')
  })

  it.each(['mail.lan', '10.0.0.6', '[::ffff:10.0.0.6]'])(
    'is refused where it is private: %s',
    async (host) => {
      await expect(find(host, to('10.0.0.6'))).rejects.toMatchObject({ code: 'address_refused' })
    },
  )

  it('is not waited for longer than wanted', async () => {
    await expect(find('mail.lan', () => undefined, { timeoutMs: 10 })).rejects.toMatchObject({
      code: 'timeout',
    })
    const reason = new Error('cancelled')
    await expect(find('mail.lan', () => undefined, { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    )
  })
})

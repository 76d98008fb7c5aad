import { expect, it, vi } from 'vitest'
import { onMissingPart } from './missing-part.ts'

const reload = vi.fn<(cause: string) => boolean>(() => true)

it('loads the page anew where the server has other files', async () => {
  await onMissingPart('menu-x.js', { ask: async () => new Response('{}'), reload })
  expect(reload).toHaveBeenCalledExactlyOnceWith('menu-x.js')
})

it.each([
  ['does not answer', () => Promise.reject(new TypeError('fetch failed'))],
  ['is behind a proxy that answers for it', async () => new Response('', { status: 502 })],
] as const)('keeps what is on screen where the server %s', async (_, ask) => {
  reload.mockClear()
  await onMissingPart('menu-x.js', { ask, reload })
  expect(reload).not.toHaveBeenCalled()
})

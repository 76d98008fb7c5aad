import type { Live } from '@bangui/shared'
import { screen } from '@solidjs/testing-library'
import { afterEach, expect, it, vi } from 'vitest'
import { pageOf, rowOf, showBans } from '../../../test/bans-page.tsx'
import { banOf, runtimeOf } from '../../../test/fixtures.ts'

afterEach(() => void vi.useRealTimers())

const begin: Live = { type: 'snapshot', host: 'local', runtime: runtimeOf(), jails: null, operations: [] }

async function showBeforeStream() {
  vi.useFakeTimers({ shouldAdvanceTime: true })
  const bans = [banOf('203.0.113.1')]
  const { live, user } = await showBans({
    runtime: undefined,
    procedures: { 'bans.list': (input) => pageOf(bans, input) },
  })
  await rowOf('203.0.113.1')
  // neither a reply nor an event contains this ban
  bans.push(banOf('203.0.113.2'))
  return { live, user }
}

it('the list of bans is fetched once more when the live stream has begun', async () => {
  const { live } = await showBeforeStream()
  live.send(begin)
  await vi.advanceTimersByTimeAsync(3_500)
  expect(await screen.findByText('2 bans')).toBeVisible()
})

it('the list of bans is not refetched under the pointer of a reader', async () => {
  const { live, user } = await showBeforeStream()
  await user.hover(await rowOf('203.0.113.1'))
  live.send(begin)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(screen.getByText('1 ban')).toBeVisible()
  await user.unhover(await rowOf('203.0.113.1'))
  await vi.advanceTimersByTimeAsync(3_500)
  expect(await screen.findByText('2 bans')).toBeVisible()
})

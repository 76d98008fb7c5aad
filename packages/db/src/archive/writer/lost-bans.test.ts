import { expect, it } from 'vitest'
import { openTempWriter } from '../../testing/temp-writer.ts'

const lostBan = (seq: number, address: string, { jail = 'sshd', at = seq * 1000 } = {}) => ({
  seq,
  at,
  jail,
  address,
})

it('lost bans are listed in their order and summarised by jail', async () => {
  const { writer } = await openTempWriter()
  expect(await writer.summariseLostBans()).toBeNull()
  const summary = await writer.addLostBans([
    lostBan(1, '192.0.2.1', { jail: 'web' }),
    lostBan(2, '192.0.2.2'),
    lostBan(3, '192.0.2.1'),
  ])
  expect(summary).toEqual({
    count: 3,
    at: 3000,
    jails: [
      { jail: 'web', count: 1 },
      { jail: 'sshd', count: 2 },
    ],
  })
  expect(await writer.summariseLostBans()).toEqual(summary)
  expect(await writer.listLostBans()).toEqual([
    { jail: 'web', address: '192.0.2.1' },
    { jail: 'sshd', address: '192.0.2.2' },
    { jail: 'sshd', address: '192.0.2.1' },
  ])
})

it('a lost ban counts once, and comes back after its removal by a new event only', async () => {
  const { writer } = await openTempWriter()
  await writer.addLostBans([lostBan(1, '192.0.2.1'), lostBan(2, '192.0.2.2')])
  expect(await writer.addLostBans([lostBan(3, '192.0.2.1')])).toMatchObject({ count: 2, at: 3000 })
  expect(await writer.removeLostBans([{ jail: 'sshd', address: '192.0.2.1' }])).toMatchObject({ count: 1 })
  expect(await writer.removeLostBans(null)).toBeNull()
  expect(await writer.addLostBans([lostBan(3, '192.0.2.1')])).toBeNull()
  expect(await writer.addLostBans([lostBan(4, '192.0.2.1')])).toMatchObject({ count: 1 })
})

it('only the newest 50,000 lost bans are stored', async () => {
  const { writer } = await openTempWriter()
  const lost = Array.from({ length: 50_002 }, (_, n) =>
    lostBan(n + 1, `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`),
  )
  expect(await writer.addLostBans(lost)).toMatchObject({ count: 50_000 })
  expect((await writer.listLostBans())[0]).toEqual({ jail: 'sshd', address: '10.0.0.2' })
})

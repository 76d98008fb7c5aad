import type { HostEvent } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { log, pair, seconds } from '../../testing/log-lines.ts'
import { openTempWriter } from '../../testing/temp-writer.ts'

const failure = (
  at: number,
  failedAt: number,
  more: { jail?: string; address?: string } = {},
): HostEvent => ({
  ...pair,
  type: 'failure',
  at: seconds(at),
  failedAt: seconds(failedAt),
  ...more,
})
const starts = (at: number): HostEvent => ({
  type: 'daemon',
  at: seconds(at),
  online: true,
  version: '1.0.2',
  pid: at + 100,
})
const stops = (at: number, jail = pair.jail): HostEvent => ({
  type: 'jail',
  at: seconds(at),
  jail,
  change: 'stopped',
})

async function setUp() {
  const { writer, sqlite, path } = await openTempWriter()
  return {
    path,
    log: async (...events: HostEvent[]) => {
      const stored = await writer.ingest(log(...events))
      return stored.filter(({ event }) => event.type === 'failure.found').length
    },
    sum: () => sqlite.prepare('select sum(failures) from jail_days').pluck().get(),
  }
}

describe('failures that fail2ban reads again after it was killed', () => {
  it('are counted once, as often as there were of one second', async () => {
    const at = await setUp()
    const before = [failure(1, 0), failure(1, 0), failure(2, 1), failure(4, 1, { address: '2001:db8::1' })]
    expect(await at.log(starts(0), ...before)).toBe(4)
    const again = [failure(31, 0), failure(31, 0), failure(32, 1), failure(32, 1, { address: '2001:db8::1' })]
    expect(await at.log(starts(30), ...again)).toBe(0)
    expect(await at.log(starts(60), ...again, failure(62, 1), failure(63, 20))).toBe(2)
    expect(await at.log(starts(90), ...again, failure(92, 1), failure(93, 20), failure(94, 94))).toBe(1)
    expect(at.sum()).toBe(7)
  })

  it('are those of their own jail and address', async () => {
    const at = await setUp()
    await at.log(starts(0), failure(1, 0))
    const others = [failure(31, 0, { jail: 'web' }), failure(31, 0, { address: '192.0.2.1' })]
    expect(await at.log(starts(30), ...others)).toBe(2)
  })

  it('are known to a BanGUI that started in between', async () => {
    const at = await setUp()
    await at.log(starts(0), failure(1, 0), failure(1, 0), starts(30), failure(31, 0))
    const { writer } = await openTempWriter(at.path)
    expect(await writer.ingest(log(failure(32, 0)))).toEqual([])
    expect(await writer.ingest(log(failure(33, 33), failure(33, 33)))).toHaveLength(2)
  })

  it('are looked for also when only their jail starts anew', async () => {
    const at = await setUp()
    await at.log(starts(0), failure(5, 4), failure(8, 7, { jail: 'web' }))
    expect(await at.log(stops(20), failure(31, 4), failure(31, 4), failure(31, 7, { jail: 'web' }))).toBe(2)
  })

  it('are not looked for where nothing started: each line is one', async () => {
    const at = await setUp()
    expect(await at.log(starts(0), failure(5, 4), failure(6, 4), failure(9, 4))).toBe(3)
  })

  it('are counted when the batch that has them could not be stored at first', async () => {
    const at = await setUp()
    await at.log(starts(0), failure(1, 0))
    const broken = { ...failure(32, 31), at: Number.NaN }
    await expect(at.log(starts(30), failure(31, 0), failure(31, 29), broken)).rejects.toThrow()
    expect(await at.log(starts(30), failure(31, 0), failure(31, 29), failure(32, 31))).toBe(2)
  })
})

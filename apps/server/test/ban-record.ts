import { expect } from 'vitest'
import type { createBadDay } from './bad-day.ts'
import { eventually } from './eventually.ts'

type BadDay = Awaited<ReturnType<typeof createBadDay>>

/** A ban's time is in whole seconds. */
const TOLERANCE = 2_000

interface Recorded {
  readonly from: number
  readonly to: number
}

/** Bans addresses manually, and remembers the time by a clock (epoch milliseconds). */
export function createBanRecord(day: BadDay, now: () => number = Date.now) {
  const times = new Map<string, Recorded>()
  const check = (rows: readonly { readonly address: string; readonly at: number }[]) => {
    expect(rows.map(({ address }) => address).toSorted()).toEqual([...times.keys()].toSorted())
    for (const { address, at } of rows) {
      const { from = Infinity, to = 0 } = times.get(address) ?? {}
      expect(at - from, `${address} is too early`).toBeGreaterThanOrEqual(-TOLERANCE)
      expect(at - to, `${address} is too late`).toBeLessThanOrEqual(TOLERANCE)
    }
  }
  return {
    async ban(jail: string, address: string) {
      const from = now()
      await day.ban(jail, address)
      await eventually(async () => expect(await day.banned(jail)).toContain(address))
      times.set(address, { from, to: now() })
    },
    addresses: () => [...times.keys()].toSorted(),
    /** Expects each ban once, at its time. */
    check,
  }
}

import { readFile } from 'node:fs/promises'
import type { TestedFail2ban } from '@bangui/fail2ban/testing'
import { describe, expect, it } from 'vitest'
import { createBadDay } from './bad-day.ts'
import { eventually } from './eventually.ts'
import { installedAndNewest } from './installed-and-newest.ts'

const SECOND = 1_000

/** Jails that ban for so many seconds, BanGUI on them, and the list of one as fail2ban has it, in epoch milliseconds. */
async function setUp(fail2ban: TestedFail2ban, bantime: number) {
  const jails = ['app', 'web'].map((name) => ({ name, bantime, maxretry: 2 }))
  const day = await createBadDay({ fail2ban, jails })
  const bangui = await day.start()
  const { api } = bangui
  const listed = async () =>
    ((await day.daemon.ask('get', 'app', 'banip', '--with-time')) as string[]).map((line) => {
      const [, address = '', start = '', end = ''] = /^(\S+) \t(.*) \+ .* = (.*)$/.exec(line) ?? []
      return { address, since: Date.parse(start), until: Date.parse(end) }
    })
  /** Waits until BanGUI lists the ban as fail2ban does, and gives it. */
  const agreed = (address: string) =>
    eventually(async () => {
      const shown = (await api.bans.list.query({ jail: 'app' })).rows.find((row) => row.address === address)
      const own = (await listed()).find((row) => row.address === address)
      if (!shown || !own) throw new Error(`${address} is not in both lists`)
      expect(Math.abs(shown.since - own.since)).toBeLessThanOrEqual(2 * SECOND)
      expect(Math.abs((shown.until ?? Number.POSITIVE_INFINITY) - own.until)).toBeLessThanOrEqual(2 * SECOND)
      return { shown, own }
    })
  const tune = (seconds: number) => day.daemon.ask('set', 'app', 'bantime', String(seconds))
  return { ...day, ...bangui, agreed, tune }
}

/** Bans addresses in the other jail, one after the other, until it is disposed of. */
function keepBanning({ ban }: Pick<Awaited<ReturnType<typeof setUp>>, 'ban'>): AsyncDisposable {
  const over = new AbortController()
  const banAll = async () => {
    for (let count = 0; !over.signal.aborted; count += 1)
      await ban('web', `45.9.${count >> 8}.${count & 255}`)
  }
  const running = banAll()
  return {
    async [Symbol.asyncDispose]() {
      over.abort()
      await running
    },
  }
}

describe.each(installedAndNewest)(
  'the end of a ban of fail2ban $version',
  { concurrent: true },
  (fail2ban) => {
    it('is the one that the jail was tuned to, by whomever, and comes when fail2ban says so', async () => {
      await using at = await setUp(fail2ban, 4)
      await at.api.jails.update.mutate({ name: 'app', bantime: 3_600 })
      await at.api.bans.ban.mutate({ jail: 'app', addresses: ['45.1.1.1'] })
      expect((await at.agreed('45.1.1.1')).shown.duration).toBe(3_600)
      await at.tune(86_400)
      await at.ban('app', '45.2.2.2')
      expect((await at.agreed('45.2.2.2')).shown.duration).toBe(86_400)
      expect((await at.agreed('45.1.1.1')).shown.duration).toBe(86_400)
      await eventually(() => expect(Date.now()).toBeGreaterThan(0))
      await at.reconcile()
      expect((await at.inForce()).toSorted()).toEqual(['45.1.1.1', '45.2.2.2'])
    })

    it('follows a bantime that becomes shorter, and stands in the list until fail2ban ends the ban', async () => {
      await using at = await setUp(fail2ban, 600)
      await at.ban('app', '45.1.1.1')
      await at.agreed('45.1.1.1')
      await at.tune(2)
      const { shown } = await at.agreed('45.1.1.1')
      expect(shown.duration).toBe(2)
      await eventually(() => expect(Date.now()).toBeGreaterThan((shown.until ?? 0) + 5 * SECOND))
      await at.reconcile()
      expect(await at.inForce()).toEqual(await at.banned('app'))
    })

    it('moves when the ban is asked for again, and back when fail2ban starts again', async () => {
      await using at = await setUp(fail2ban, 600)
      await at.ban('app', '45.1.1.1', '45.2.2.2')
      const first = await at.agreed('45.1.1.1')
      await eventually(() => expect(Date.now()).toBeGreaterThan(first.own.since + 4 * SECOND))
      await at.ban('app', '45.1.1.1')
      await at.api.bans.ban.mutate({ jail: 'app', addresses: ['45.2.2.2'] })
      for (const address of ['45.1.1.1', '45.2.2.2']) {
        const { shown, own } = await at.agreed(address)
        expect(own.until).toBeGreaterThanOrEqual(first.own.until + 4 * SECOND)
        expect(shown).toMatchObject({ times: 1, by: { kind: 'unknown' } })
      }
      await at.daemon.stop()
      await at.daemon.start()
      const again = await at.agreed('45.1.1.1')
      expect(Math.abs(again.own.until - first.own.until)).toBeLessThanOrEqual(SECOND)
      expect(await at.history()).toHaveLength(2)
    })

    it('is the stored one after a restart, also while fail2ban bans one address after the other', async () => {
      await using at = await setUp(fail2ban, 600)
      await at.ban('app', '45.1.1.1')
      await at.tune(3_600)
      expect((await at.agreed('45.1.1.1')).shown.duration).toBe(3_600)
      await at.daemon.stop()
      await at.daemon.start()
      await using _others = keepBanning(at)
      expect((await at.agreed('45.1.1.1')).shown.duration).toBe(600)
    })

    it('is never emitted before the ban has ended', async () => {
      await using at = await setUp(fail2ban, 3)
      const told: string[] = []
      const subscription = at.api.events.watch.subscribe(undefined, {
        onData: ({ data }) => told.push('address' in data ? `${data.type} ${data.address}` : data.type),
      })
      await at.ban('app', '45.1.1.1')
      await at.tune(3_600)
      await at.ban('app', '45.2.2.2')
      const { shown } = await at.agreed('45.2.2.2')
      await eventually(() => expect(Date.now()).toBeGreaterThan(shown.since + 8 * SECOND))
      await at.reconcile()
      expect(told.filter((text) => text.startsWith('ban.removed'))).toEqual([])
      expect(await at.inForce()).toHaveLength(2)
      subscription.unsubscribe()
    })
  },
)

describe.each(installedAndNewest)('a restart of fail2ban $version after a shorter bantime', (fail2ban) => {
  it('leaves its bans their beginnings and ends, loses none and doubles none', async () => {
    await using at = await setUp(fail2ban, 600)
    for (const user of ['root', 'admin']) await at.daemon.logFailure('app', '45.3.3.3', user)
    await at.ban('app', '45.1.1.1')
    const before = [await at.agreed('45.1.1.1'), await at.agreed('45.3.3.3')]
    await at.tune(2)
    for (const { shown } of before)
      await eventually(() => expect(Date.now()).toBeGreaterThan(shown.since + 6 * SECOND))
    await at.daemon.stop()
    await at.daemon.start()
    for (const { own } of before) {
      const { shown, own: after } = await at.agreed(own.address)
      expect(Math.abs(after.until - own.until)).toBeLessThanOrEqual(2 * SECOND)
      expect(Math.abs(shown.since - own.since)).toBeLessThanOrEqual(2 * SECOND)
    }
    expect(at.runtime()?.lostBans ?? null).toBeNull()
    expect(await at.history()).toHaveLength(2)
  })
})

describe.each(installedAndNewest)('a ban of two seconds of fail2ban $version', (fail2ban) => {
  it('that expires and is made again is as many bans as fail2ban made', async () => {
    await using at = await setUp(fail2ban, 2)
    // its log, since the ban may be over before fail2ban could be asked
    const countLogged = async (word: string) =>
      (await readFile(at.daemon.logfile, 'utf8')).split(`] ${word} 45.3.3.3`).length - 1
    let tries = 0
    for (let round = 0; round < 4; round += 1) {
      // a fail2ban that is late ignores failures whose ban would be over already
      while ((await countLogged('Ban')) <= round) {
        for (const user of ['root', 'admin']) await at.daemon.logFailure('app', '45.3.3.3', user)
        tries += 1
        await eventually(async () =>
          expect((await countLogged('Ban')) + (await countLogged('Ignore'))).toBe(tries),
        )
      }
      await eventually(async () => expect(await countLogged('Unban')).toBe(round + 1))
      expect(await countLogged('Ban')).toBe(round + 1)
    }
    await eventually(async () => expect(await at.inForce()).toEqual([]))
    await at.reconcile()
    const rows = await at.history()
    expect(rows.map(({ times, endReason }) => [times, endReason])).toEqual([
      [4, 'expired'],
      [3, 'expired'],
      [2, 'expired'],
      [1, 'expired'],
    ])
  })
})

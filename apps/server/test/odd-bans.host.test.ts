import { describe, expect, it } from 'vitest'
import { createBadDay } from './bad-day.ts'
import { eventually } from './eventually.ts'

/** What fail2ban is told to ban, and what that goes by. */
const odd: readonly (readonly [id: string, name: string])[] = [
  ['example.com', 'example.com'],
  ['evil"; rm -rf', 'evil"; rm -rf'],
  ['$(reboot)', '$(reboot)'],
  ['<b>x</b>'.replaceAll('/', '&'), '<b>x<&b>'],
  ['::ffff:1.2.3.4', '1.2.3.4'],
  ['2001:DB8:0:0::1', '2001:db8::1'],
  ['2001:0db8:0000::00ff', '2001:db8::ff'],
  ['10.0.0.0/8', '10.0.0.0/8'],
  ['1.9.3.4/24', '1.9.3.0/24'],
  ['2001:db8:1::/48', '2001:db8:1::/48'],
  ['01.2.3.6', '01.2.3.6'],
  ['-x', '-x'],
  ['--x', '--x'],
  ['--report-absent', '--report-absent'],
  [' 1.2.3.5', '" 1.2.3.5"'],
  ['after ', '"after "'],
  ['a\nb', String.raw`"a\u{a}b"`],
  ['a\u001b[31mc', String.raw`"a\u{1b}[31mc"`],
  ['x\u202ey', String.raw`"x\u{202e}y"`],
  ['Ünï', 'Ünï'],
  ['', '""'],
]
const names = odd.map(([, name]) => name).toSorted()

describe('bans of what nobody would ban', { concurrent: true }, () => {
  it('are there once each, by a name that can be read, have a page, and end one by one', async () => {
    await using day = await createBadDay()
    const { api, inForce, history, reconcile } = await day.start()
    for (const [id] of odd) await day.ban('app', id)
    await eventually(async () => {
      await reconcile()
      expect((await inForce()).toSorted()).toEqual(names)
    })
    const found = await api.bans.list.query({ search: 'example' })
    expect(found.rows).toMatchObject([{ address: 'example.com' }])
    const inHistory = (await history()).filter((row) => row.active).map((row) => row.address)
    expect(inHistory.toSorted()).toEqual(names)
    for (const name of names) {
      expect(await api.history.address.query({ address: name })).toMatchObject({ address: name })
      expect(await api.bans.unban.mutate({ jail: 'app', addresses: [name] })).toEqual({
        unbanned: 1,
        absent: 0,
      })
    }
    expect(await day.banned('app')).toEqual([])
    await eventually(async () => {
      await reconcile()
      expect(await inForce()).toEqual([])
    })
  })

  it('end together, and those that are not there are counted', async () => {
    await using day = await createBadDay()
    const { api } = await day.start()
    for (const jail of ['app', 'web']) for (const [id] of odd) await day.ban(jail, id)
    const addresses = ['example.com', '45.9.9.9', 'no such thing', '10.0.0.0/8']
    expect(await api.bans.unban.mutate({ addresses })).toMatchObject({ unbanned: 4, absent: 2 })
    expect(await api.bans.unban.mutate({ addresses: [], jail: 'web', all: true })).toMatchObject({
      absent: 0,
    })
    expect(await day.banned('web')).toEqual([])
    expect(await day.banned('app')).toContain('-x')
  })

  it('are refused from BanGUI, each with a reason', async () => {
    await using day = await createBadDay()
    const { api } = await day.start()
    const addresses = odd.map(([id]) => id).filter((id) => !/^ ?[\d:a-f./]+$/i.test(id))
    const result = await api.bans.ban.mutate({ jail: 'app', addresses, force: true })
    expect(result).toMatchObject({ banned: 0 })
    expect(result.refused.length).toBeGreaterThan(8)
    for (const { reason } of result.refused) expect(reason).toBe('invalid')
    expect(await day.banned('app')).toEqual([])
  })

  it('or that last for ever have no end, whoever made them', async () => {
    await using day = await createBadDay({ jails: [{ name: 'app', bantime: -1 }] })
    const { api, inForce, reconcile } = await day.start()
    await day.ban('app', '45.1.1.1')
    await eventually(async () => expect(await inForce()).toEqual(['45.1.1.1']))
    await reconcile()
    expect((await api.bans.list.query({})).rows).toMatchObject([
      { address: '45.1.1.1', until: null, duration: -1 },
    ])
    await day.daemon.stop()
    await day.startDaemon()
    await eventually(async () => expect((await api.server.probe.mutate()).currentlyBanned).toBe(1))
    await reconcile()
    expect((await api.bans.list.query({})).rows).toMatchObject([
      { address: '45.1.1.1', until: null, duration: -1 },
    ])
  })
})

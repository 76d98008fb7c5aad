import { findFail2banVersions } from '@bangui/fail2ban/testing'
import { describe, expect, it } from 'vitest'
import { createBadDay } from './bad-day.ts'
import { eventually } from './eventually.ts'

const jails = [
  { name: 'app', bantime: '1h', maxretry: 1 },
  { name: 'bangui', bantime: -1 },
]
const versions = findFail2banVersions().filter(({ version }) => ['1.0.2', '1.1.1'].includes(version))
const isPast = (time: number) => eventually(() => expect(Date.now()).toBeGreaterThan(time))

describe.each(versions)('a ban of fail2ban $version', { concurrent: true }, (fail2ban) => {
  it('ends before its own time, also where BanGUI and fail2ban were down then, and only once', async () => {
    await using day = await createBadDay({ jails, fail2ban })
    const { api, inForce, bangui } = await day.start()
    await day.daemon.logFailure('app', '45.1.1.1')
    await day.daemon.logFailure('app', '45.2.2.2')
    await eventually(async () => expect((await inForce()).toSorted()).toEqual(['45.1.1.1', '45.2.2.2']))
    const until = Date.now() + 4_000
    await api.bans.update.mutate({ jail: 'app', address: '45.1.1.1', until, reason: 'a neighbour' })
    const [ban] = (await api.bans.list.query({ search: '45.1.1.1' })).rows
    expect(ban).toMatchObject({ until, reason: 'a neighbour', by: { kind: 'fail2ban' } })
    await bangui.kill('SIGKILL')
    await day.daemon.stop()
    await isPast(until)
    await day.startDaemon()
    await eventually(async () => expect(await day.banned('app')).toContain('45.1.1.1'))
    const again = await day.start()
    await eventually(async () => expect(await day.banned('app')).toEqual(['45.2.2.2']))
    const ended = async () => (await again.history()).find(({ address }) => address === '45.1.1.1')
    await eventually(async () =>
      expect(await ended()).toMatchObject({ active: false, reason: 'a neighbour', by: { kind: 'fail2ban' } }),
    )
    // a later ban of its own has its own end
    await day.daemon.logFailure('app', '45.1.1.1')
    await eventually(async () => expect((await again.inForce()).toSorted()).toHaveLength(2))
    const [later] = (await again.api.bans.list.query({ search: '45.1.1.1' })).rows
    expect((later?.until ?? 0) - Date.now()).toBeGreaterThan(3_000_000)
  })

  it('lasts longer, or for ever, by a second ban that is shown with it; an undo restores what was', async () => {
    await using day = await createBadDay({ jails, fail2ban })
    const { api, inForce } = await day.start()
    await day.daemon.logFailure('app', '45.1.1.1')
    await eventually(async () => expect(await inForce()).toEqual(['45.1.1.1']))
    const read = async () => (await api.bans.list.query({})).rows
    const before = await eventually(async () => {
      const rows = await read()
      expect(rows).toMatchObject([{ attempts: 1 }])
      return rows
    })
    const week = Date.now() + 7 * 86_400_000
    const change = (until: number | null, operationId: string, reason?: string) =>
      api.bans.update.mutate({ jail: 'app', address: '45.1.1.1', until, reason, operationId })
    expect(await change(week, 'week', 'comes again')).toEqual({ until: week, isExtended: true })
    const isExtended = (until: number | null) =>
      eventually(async () =>
        expect(await read()).toMatchObject([
          { jail: 'app', reason: 'comes again', extension: { jail: 'bangui', until } },
        ]),
      )
    await isExtended(week)
    expect(await day.banned('bangui')).toEqual(['45.1.1.1'])
    await change(null, 'ever')
    await isExtended(null)
    await api.operations.undo.mutate({ id: 'ever' })
    await isExtended(week)
    const soon = Date.now() + 600_000
    await change(soon, 'soon')
    expect(await read()).toMatchObject([{ until: soon, extension: { until: soon } }])
    await api.operations.undo.mutate({ id: 'soon' })
    await api.operations.undo.mutate({ id: 'week' })
    await eventually(async () => expect(await read()).toEqual(before))
    expect(await day.banned('bangui')).toEqual([])
    const refused = api.bans.update.mutate({ jail: 'app', address: '45.9.9.9', until: null })
    await expect(refused).rejects.toMatchObject({ data: { reason: 'ban_over' } })
  })
})

import { createPrivateDaemon } from '@bangui/fail2ban'
import { expect, it } from 'vitest'
import { signIn, unattended } from './api-client.ts'
import { startBangui } from './bangui-process.ts'
import { environmentOf } from './daemon-environment.ts'
import { eventually } from './eventually.ts'

it('a ban that fail2ban makes longer since the address came back is known with its own end and number', async () => {
  const options = { 'bantime.increment': 'true', 'bantime.factor': '100' }
  await using daemon = await createPrivateDaemon({
    jails: [{ name: 'app', bantime: 2, maxretry: 1, options }],
  })
  await daemon.start()
  await using bangui = await startBangui({ ...environmentOf(daemon), ...unattended })
  const { api } = await signIn(bangui.url)
  const listed = async () => (await api.bans.list.query({})).rows
  await daemon.logFailure('app', '45.1.1.1')
  // it can be over before anybody looks
  await eventually(async () =>
    expect((await api.history.list.query({})).rows).toMatchObject([{ times: 1, duration: 2, active: false }]),
  )
  await daemon.logFailure('app', '45.1.1.1')
  const [ban] = await eventually(async () => {
    const rows = await listed()
    expect(rows).toMatchObject([{ times: 2 }])
    expect(rows[0]?.duration).toBeGreaterThan(100)
    return rows
  })
  // as fail2ban itself has it
  const { output } = await daemon.client('get', 'app', 'banip', '--with-time')
  expect(output).toMatch(new RegExp(`\\+ ${ban?.duration} = `))
  // each of these is in whole seconds
  const end = (ban?.since ?? 0) + (ban?.duration ?? 0) * 1_000
  expect(Math.abs((ban?.until ?? 0) - end)).toBeLessThanOrEqual(2_000)
  const { rows } = await api.history.list.query({ search: '45.1.1.1' })
  expect(rows).toMatchObject([
    { active: true, times: 2 },
    { active: false, times: 1, endReason: 'expired' },
  ])
})

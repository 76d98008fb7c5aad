import type { Event } from '@bangui/shared'
import { expect, it } from 'vitest'
import { createBadDay } from './bad-day.ts'
import { eventually } from './eventually.ts'

it('a daemon that is replaced is shown offline and online once, whoever notices', async () => {
  await using day = await createBadDay()
  const { api, bangui, runtime } = await day.start()
  const told: Event[] = []
  const subscription = api.events.watch.subscribe(undefined, { onData: ({ data }) => told.push(data) })
  const pids: (number | undefined)[] = []
  const isBack = async () => {
    pids.push(await day.daemon.pid())
    const expected = pids.flatMap((pid) => [{ online: false }, { online: true, pid }])
    const changes = () => told.filter(({ type }) => type === 'daemon.changed')
    await eventually(() => expect(changes()).toMatchObject(expected))
    // whatever was still to be noticed would be by then
    await api.server.probe.mutate()
    await day.ban('app', `45.1.1.${pids.length}`)
    await eventually(() =>
      expect(told).toContainEqual(
        expect.objectContaining({ type: 'ban.added', address: `45.1.1.${pids.length}` }),
      ),
    )
    expect(changes()).toHaveLength(expected.length)
  }
  await eventually(() => expect(runtime()?.watching.events.state).toBe('following'))

  await day.daemon.client('restart')
  await isBack()
  await day.daemon.kill('SIGKILL')
  await day.startDaemon()
  await isBack()
  // BanGUI sees neither its end nor that nobody answered
  process.kill(bangui.pid, 'SIGSTOP')
  await day.daemon.kill('SIGKILL')
  await day.startDaemon()
  process.kill(bangui.pid, 'SIGCONT')
  await isBack()
  subscription.unsubscribe()
})

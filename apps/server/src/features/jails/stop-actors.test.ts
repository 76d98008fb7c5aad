import { expect, it } from 'vitest'
import { createStopActors } from './stop-actors.ts'

it('a user who has BanGUI stop a jail is known while it happens and for the log lines after that', async () => {
  let now = 10_000
  const actors = createStopActors(() => now)
  await actors.during({ jail: 'sshd', by: 'ada' }, async () => {
    now = 15_000
    expect(actors.actorOf('sshd', 14_000)).toBe('ada')
  })
  expect(actors.actorOf('sshd', 9_500)).toBe('ada')
  expect(actors.actorOf('sshd', 15_500)).toBe('ada')
  expect(actors.actorOf('sshd', 17_000)).toBeNull()
  expect(actors.actorOf('sshd', 8_000)).toBeNull()
  expect(actors.actorOf('web', 14_000)).toBeNull()
})

it('a user who has BanGUI stop fail2ban stops every jail, also where that fails', async () => {
  const actors = createStopActors(() => 10_000)
  const failing = actors.during({ jail: null, by: 'bob' }, () => Promise.reject(new Error('no')))
  await expect(failing).rejects.toThrow('no')
  expect(actors.actorOf('web', 10_000)).toBe('bob')
})

import { openTestDatabase } from '@bangui/db'
import { LOCAL_HOST_ID } from '@bangui/shared'
import { expect, it } from 'vitest'
import { createFakeHost, answer } from '../../../test/fake-host.ts'
import { createServiceDeps } from '../../../test/service-deps.ts'
import { setIdle } from '../jails/jail-verbs.ts'
import { createPauses } from './pause.ts'

it('a jail that somebody resumes stays so, although the job that keeps the pause runs at that moment', async () => {
  const idle = new Set<string>()
  const host = createFakeHost({
    jails: {
      setIdle: async (name, isIdle) => {
        if (isIdle) idle.add(name)
        else idle.delete(name)
      },
    },
  })
  await using database = await openTestDatabase().then(({ db, close }) => ({
    db,
    [Symbol.asyncDispose]: close,
  }))
  using service = createServiceDeps(host)
  const { deps, monitor, state } = service
  host.outcome = answer()
  await monitor.probe()
  const pauses = createPauses({ ...deps, hostDb: { db: database.db, hostId: LOCAL_HOST_ID } })
  await pauses.start({ minutes: 5 }, 'anna')
  expect([...idle]).toEqual(['sshd'])
  let kept: Promise<unknown> = Promise.resolve()
  await pauses.release('sshd', async () => {
    await setIdle(deps, 'sshd', false)
    kept = pauses.keep()
  })
  await kept
  expect([...idle]).toEqual([])
  expect(state.get().pause?.jails).toEqual([])
  await pauses.keep()
  expect([...idle]).toEqual([])
})

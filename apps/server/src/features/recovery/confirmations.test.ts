import { HostError } from '@bangui/fail2ban'
import { describe, expect, it } from 'vitest'
import { eventually } from '../../../test/eventually.ts'
import { createFakeHost } from '../../../test/fake-host.ts'
import { createServiceDeps } from '../../../test/service-deps.ts'
import { createConnections } from '../../http/connections.ts'
import { createStreamRegistry } from '../live/stream-registry.ts'
import { createConfirmations, type LoadedChange } from './confirmations.ts'

const result = { restored: ['jail.local'], started: false, online: true, output: null }
const busy = new HostError('busy', { message: 'Another change is in progress.' })

/** A change that waits `withinMs`, on a host of which a test says what becomes of confirmations and rollbacks. */
function open(rollBack: () => Promise<typeof result>, withinMs = 600_000) {
  const calls: string[] = []
  const host = createFakeHost({ config: { confirm: async (id) => void calls.push(`confirm ${id}`) } })
  const test = createServiceDeps(host)
  const { state, clock, log, operations, id, key } = test.deps
  const changes = {
    ...test.deps.changes,
    noteState: async (change: string, to: string) => void calls.push(`${change} is ${to}`),
  }
  const confirmations = createConfirmations({
    host,
    of: { id, key },
    state,
    changes,
    operations,
    connections: createConnections(),
    streams: createStreamRegistry(),
    clock,
    log,
    rollBack,
    retryMs: 1,
  })
  const change: LoadedChange = {
    id: 'c1',
    title: 'Changing jail web',
    kind: 'edited',
    jailName: 'web',
    risks: [],
    withinMs,
    confirmBy: clock() + withinMs,
  }
  const begin = () => confirmations.begin(change, { sessionId: 's1', userId: 1, userName: 'Ada' })
  return {
    ...test,
    confirmations,
    calls,
    begin,
    from: { sessionId: 's1', userId: 1, userName: 'Ada', throughProxy: false },
  }
}

describe('a change that waits to be confirmed', () => {
  it('is kept with the second confirmation, which is stored before the host learns of it', async () => {
    using at = open(() => Promise.reject(new Error('it is not rolled back')))
    await at.begin()
    const confirm = (generation: number) => at.confirmations.confirm({ id: 'c1' }, { ...at.from, generation })
    expect(await confirm(1)).toMatchObject({ counted: false, nextInMs: 0 })
    expect(await confirm(2)).toMatchObject({ counted: true, kept: false, nextInMs: 150_000 })
    at.time.now += 150_000
    // the same connection once more
    expect(await confirm(2)).toMatchObject({ counted: false, kept: false, nextInMs: 0 })
    expect(await confirm(3)).toMatchObject({ kept: true })
    expect(at.calls).toEqual(['c1 is applied', 'confirm c1'])
    expect(at.state.get().unconfirmedChange).toBeNull()
  })

  it('is rolled back when its time is over, and again where other work was in the way', async () => {
    const answers = [() => Promise.reject(busy), () => Promise.reject(busy), async () => result]
    using at = open(async () => answers.shift()!(), 1)
    await at.begin()
    await eventually(() => expect(at.state.get().unconfirmedChange).toBeNull())
    expect(answers).toEqual([])
    expect(at.state.get().pendingRecovery).toMatchObject({
      cause: 'not_confirmed',
      changeId: 'c1',
      title: 'Changing jail web',
    })
  })

  it('that cannot be rolled back waits no more, and is offered as a recovery', async () => {
    using at = open(() => Promise.reject(new Error('the disk is full')), 1)
    await at.begin()
    await eventually(() => expect(at.state.get().unconfirmedChange).toBeNull())
    expect(at.state.get().pendingRecovery).toMatchObject({ cause: 'not_confirmed', recovered: false })
    await expect(at.confirmations.confirm({ id: 'c1' }, { ...at.from, generation: 9 })).rejects.toMatchObject(
      {
        code: 'confirm_none',
      },
    )
  })

  it('is rolled back also where the state cannot be stored', async () => {
    using at = open(async () => result)
    await at.begin()
    at.disk.full = true
    expect(await at.confirmations.rollBack()).toEqual(result)
    expect(await at.confirmations.rollBack()).toBeNull()
  })
})

import type { Live } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { jailOf, runtimeOf } from '../../test/fixtures.ts'
import { emptyState, reduceLive } from './reducer.ts'

const before = { runtime: runtimeOf({ revision: 1 }), jails: [jailOf('sshd')] }

describe('reduceLive', () => {
  it('takes a snapshot whole', () => {
    const runtime = runtimeOf({ revision: 7 })
    const jails = [jailOf('nginx')]
    expect(reduceLive(before, { type: 'snapshot', runtime, jails })).toEqual({ runtime, jails })
  })

  it('takes a snapshot of a server that began to count anew', () => {
    const runtime = runtimeOf({ revision: 0 })
    expect(reduceLive(before, { type: 'snapshot', runtime, jails: null }).runtime?.revision).toBe(0)
  })

  it('forgets the jails when a snapshot does not know them', () => {
    expect(reduceLive(before, { type: 'snapshot', runtime: runtimeOf(), jails: null }).jails).toBeUndefined()
  })

  it('takes a runtime and leaves the jails alone', () => {
    const runtime = runtimeOf({ revision: 2 })
    expect(reduceLive(before, { type: 'runtime', runtime })).toEqual({ runtime, jails: before.jails })
  })

  it('takes jails and leaves the runtime alone', () => {
    const jails = [jailOf('sshd', { currentlyBanned: 3 })]
    expect(reduceLive(before, { type: 'jails', jails })).toEqual({ runtime: before.runtime, jails })
  })

  it.each<Live>([
    { type: 'events', events: [], counts: {} },
    { type: 'operation', id: 'a', done: 1, total: 2, state: 'running' },
  ])('keeps the state on $type', (message) => {
    expect(reduceLive(before, message)).toBe(before)
  })

  it.each([{ type: 'weather' }, {}, null, 'text'])(
    'keeps the state on what it does not know: %j',
    (message) => {
      expect(reduceLive(before, message as unknown as Live)).toBe(before)
      expect(reduceLive(emptyState, message as unknown as Live)).toBe(emptyState)
    },
  )
})

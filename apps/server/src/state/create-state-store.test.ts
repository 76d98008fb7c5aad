import { afterEach, describe, expect, it, vi } from 'vitest'
import { createStateStore, type DurableState } from './create-state-store.ts'
import { initialState } from './runtime-state.ts'

function setUp() {
  const saved: DurableState[] = []
  const disk = { full: false }
  const store = createStateStore(
    initialState({ demo: false, node: 'test', version: '0' }),
    async (durable) => {
      if (disk.full) throw new Error('the disk is full')
      saved.push(durable)
    },
  )
  return { store, saved, disk }
}

const lastActivation = { jailName: 'sshd', at: 1, changeId: null }

afterEach(() => {
  vi.useRealTimers()
})

describe('the state of a node', () => {
  it('saves what must last, and nothing when that is as it was', async () => {
    const { store, saved } = setUp()
    await store.update((state) => ({ ...state, lastActivation }))
    await store.update((state) => ({ ...state, configuredJails: 7 }))
    expect(saved).toEqual([
      { lastActivation, pendingRecovery: null, lastActivationConfirmed: false, online: false },
    ])
  })

  it('counts revisions of what a user sees, not of the time of the last look', async () => {
    const { store } = setUp()
    const look = (checkedAt: number) =>
      store.update((state) => ({ ...state, serverStatus: { ...state.serverStatus, checkedAt } }))
    await look(1)
    await look(2)
    expect(store.get().revision).toBe(0)
    await store.update((state) => ({ ...state, setupComplete: true }))
    expect(store.get().revision).toBe(1)
  })

  it('rejects where a change cannot be saved, keeps it in memory, and saves it later', async () => {
    vi.useFakeTimers()
    const { store, saved, disk } = setUp()
    disk.full = true
    await expect(store.update((state) => ({ ...state, lastActivation }))).rejects.toThrow('full')
    expect(store.get().lastActivation).toEqual(lastActivation)
    await store.update((state) => ({ ...state, configuredJails: 1 }))
    disk.full = false
    vi.advanceTimersByTime(10_000)
    await store.update((state) => ({ ...state, configuredJails: 2 }))
    expect(saved).toEqual([expect.objectContaining({ lastActivation })])
  })
})

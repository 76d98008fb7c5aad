import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { applyProbe, type HealthState } from './apply-probe.ts'
import type { PendingRecovery } from './recovery.ts'
import { unknownStatus, type ServerStatus } from './server-status.ts'

interface Case {
  readonly name: string
  readonly prev: { readonly online: boolean }
  readonly activation: { readonly jailName: string; readonly at: number } | null
  readonly pending: Recovery | null
  readonly steps: readonly {
    readonly at: number
    readonly online: boolean
    readonly expect: Recovery | null
  }[]
}

/** Times in seconds, as in the file. */
type Recovery = Pick<PendingRecovery, 'jailName' | 'activatedAt' | 'detectedAt' | 'recovered'>

const file = new URL('../fixtures/health-transitions.json', import.meta.url)
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] }

const inMilliseconds = (seconds: number) => Math.round(seconds * 1000)

const statusOf = (online: boolean, at: number): ServerStatus => ({
  ...unknownStatus,
  online,
  responding: online,
  version: online ? '1.1.0' : null,
  activeJails: online ? 2 : 0,
  reason: online ? null : 'refused',
  checkedAt: at,
})

const recoveryOf = (record: Recovery): PendingRecovery => ({
  ...record,
  activatedAt: inMilliseconds(record.activatedAt),
  detectedAt: inMilliseconds(record.detectedAt),
  cause: 'crashed',
  missingJails: [],
  changeId: 'change-1',
})

const stateOf = ({ prev, activation, pending }: Case): HealthState => ({
  serverStatus: statusOf(prev.online, 0),
  pendingRecovery: pending && recoveryOf(pending),
  lastActivation: activation && {
    jailName: activation.jailName,
    at: inMilliseconds(activation.at),
    changeId: 'change-1',
  },
})

function freeze<TValue>(value: TValue): TValue {
  if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) freeze(part)
  return Object.freeze(value)
}

describe('applyProbe', () => {
  it('is tested on every case of the table', () => {
    expect(cases.length).toBeGreaterThanOrEqual(17)
  })

  it.each(cases)('$name', (example) => {
    let state = freeze(stateOf(example))
    const { lastActivation } = state
    for (const step of example.steps) {
      const before = structuredClone(state)
      const status = statusOf(step.online, inMilliseconds(step.at))
      const next = applyProbe(state, status, inMilliseconds(step.at))
      expect(state).toEqual(before)
      expect(next.serverStatus).toEqual(status)
      expect(next.lastActivation).toBe(lastActivation)
      expect(next.pendingRecovery).toEqual(step.expect && recoveryOf(step.expect))
      state = freeze(next)
    }
  })

  it('keeps the rest of the state', () => {
    const state = {
      ...stateOf({ name: '', prev: { online: true }, activation: null, pending: null, steps: [] }),
      extra: 1,
    }
    expect(applyProbe(state, statusOf(false, 5), 5).extra).toBe(1)
  })

  it('changes nothing but `recovered` in a recovered record', () => {
    const pending: PendingRecovery = {
      jailName: 'sshd',
      activatedAt: 1,
      detectedAt: 2,
      recovered: false,
      cause: 'not_back',
      missingJails: ['nginx'],
      changeId: 'change-7',
    }
    const state = { serverStatus: statusOf(false, 0), pendingRecovery: pending, lastActivation: null }
    const next = applyProbe(state, statusOf(true, 9), 9)
    expect(next.pendingRecovery).toEqual({ ...pending, recovered: true })
  })
})

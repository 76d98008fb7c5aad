import { expect, it } from 'vitest'
import { untilSecond, validateConfirmation, type Confirmer, type WaitingChange } from './confirmation.ts'

const waiting: WaitingChange = {
  id: 'c1',
  title: 'Changing jail sshd',
  by: 'Ada',
  appliedAt: 1_000_000,
  confirmBy: 1_060_000,
  risks: [],
  confirmations: 0,
  sessionId: 's1',
  userId: 1,
  generation: 5,
}
const confirmer: Confirmer = { sessionId: 's1', userId: 1, userName: 'Ada', generation: 5 }
const once = { ...waiting, confirmations: 1, generation: 6 }

it.each<[verdict: string, of: WaitingChange, by: Partial<Confirmer> & { at: number }]>([
  ['first', waiting, { at: 1_000_000 }],
  ['first', waiting, { generation: 9, at: 1_059_999 }],
  ['old_connection', waiting, { generation: 4, at: 1_000_000 }],
  ['elsewhere', waiting, { sessionId: 's2', at: 1_000_000 }],
  ['elsewhere', waiting, { sessionId: 's2', userId: 2, userName: 'Bob', generation: 4, at: 1_000_000 }],
  ['too_early', once, { generation: 6, at: 1_014_999 }],
  ['second', once, { generation: 6, at: 1_015_000 }],
  ['old_connection', once, { generation: 5, at: 1_020_000 }],
  ['elsewhere', once, { generation: 6, sessionId: 's2', at: 1_020_000 }],
  [
    'first',
    { ...waiting, sessionId: null, generation: 0 },
    { sessionId: 's9', generation: 1, at: 1_000_000 },
  ],
  ['elsewhere', { ...waiting, sessionId: null }, { userId: 2, userName: 'Bob', at: 1_000_000 }],
  // somebody else was given the name since
  ['elsewhere', { ...waiting, sessionId: null }, { userId: 2, at: 1_000_000 }],
  ['elsewhere', { ...waiting, sessionId: null, userId: null, by: null }, { at: 1_000_000 }],
])('is %s: %o, confirmed by %o', (verdict, of, { at, ...by }) => {
  expect(validateConfirmation(of, { ...confirmer, ...by }, at)).toBe(verdict)
})

it('the second one counts from a quarter of the time on', () => {
  expect(untilSecond(waiting, 1_000_000)).toBe(15_000)
  expect(untilSecond(waiting, 1_050_000)).toBe(0)
})

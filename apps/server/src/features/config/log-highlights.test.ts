import { expect, it } from 'vitest'
import { createLogHighlights } from './log-highlights.ts'

it('the newest stream of a user marks its lines, and gives the place back when it ends', () => {
  const highlights = createLogHighlights()
  const first = highlights.take(1)
  const other = highlights.take(2)
  expect([first.isMine(), other.isMine()]).toEqual([true, true])
  const second = highlights.take(1)
  expect([first.isMine(), second.isMine(), other.isMine()]).toEqual([false, true, true])
  second[Symbol.dispose]()
  expect([first.isMine(), second.isMine()]).toEqual([true, false])
  first[Symbol.dispose]()
  expect(first.isMine()).toBe(false)
})

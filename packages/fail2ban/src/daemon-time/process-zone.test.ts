import { expect, it } from 'vitest'
import { isTrusted } from './process-zone.ts'

it.each([
  ['Name:\tpython3\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n', true],
  ['Name:\tpython3\nUid:\t1000\t1000\t1000\t1000\n', true],
  ['Name:\tpython3\nUid:\t1001\t1001\t1001\t1001\n', false],
  // a program that root gave away, and a name that looks like a line of its own
  ['Name:\tpython3\nUid:\t0\t1001\t0\t1001\n', false],
  ['Name:\tx Uid:\t0\t0\t0\t0\nUid:\t1001\t1001\t1001\t1001\n', false],
  ['', false],
])('only processes of root and of BanGUI’s own user are asked for their arguments: %j', (status, trusted) => {
  expect(isTrusted(status, 1000)).toBe(trusted)
})

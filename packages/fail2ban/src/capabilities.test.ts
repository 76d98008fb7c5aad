import { expect, test } from 'vitest'
import { capabilitiesOf } from './capabilities.ts'

const all = [
  'banWithTime',
  'shortStatus',
  'banned',
  'unbanNetwork',
  'stats',
  'skipIfNoLogs',
  'conditionalParameters',
] as const

test.each<[string, number]>([
  ['0.10.6', 0],
  ['0.11.1', 1],
  ['0.11.2', 4],
  ['0.11.3.dev1', 4],
  ['1.0.1', 4],
  ['1.0.2', 4],
  ['1.0.3.dev1', 4],
  ['1.1.0.dev1', 4],
  ['1.1.0', 5],
  ['1.1.1.dev1', 5],
  ['1.1.1-dev1', 5],
  ['1.1.1', 7],
  ['1.1.1-1~deb13u1', 7],
  ['1.2', 7],
  ['2.0.0', 7],
  ['10.0.0', 7],
  ['', 0],
  ['unknown', 0],
  ['v', 0],
  ['1', 0],
  ['9'.repeat(500), 0],
  ['-1.1.1', 0],
])('version %s has the first %i of the abilities that came one after the other', (version, count) => {
  const capabilities = capabilitiesOf(version)
  expect(all.filter((name) => capabilities[name])).toEqual(all.slice(0, count))
})

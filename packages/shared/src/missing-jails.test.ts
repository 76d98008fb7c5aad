import { expect, it } from 'vitest'
import { expectConfigured, findMissingJails, runningJailsOf } from './missing-jails.ts'

const jail = (name: string, over: { enabled?: boolean; running?: boolean; waitsForLog?: boolean }) => ({
  name,
  enabled: true,
  running: false,
  ...over,
})

it.each([
  { what: 'a jail that ran before', before: ['a', 'b'], now: ['b'], missing: ['a'] },
  { what: 'a jail that is switched on', running: ['a', 'b'], now: ['a'], missing: ['b'] },
  { what: 'no jail twice', before: ['a'], running: ['a'], missing: ['a'] },
  { what: 'no jail that is to be stopped', before: ['a', 'b'], stopped: ['a'], missing: ['b'] },
  { what: 'no jail that was never expected', stopped: ['a'], now: ['z'], missing: [] },
])('misses $what', ({ before = [], running = [], stopped = [], now = [], missing }) => {
  expect(findMissingJails({ before, running, stopped }, now)).toEqual(missing)
})

it('misses those of the configuration that are switched on, but for one that waits for its log', () => {
  const jails = [
    jail('on', { running: true }),
    jail('lost', {}),
    jail('off', { enabled: false }),
    jail('later', { waitsForLog: true }),
    jail('by hand', { enabled: false, running: true }),
  ]
  expect(runningJailsOf(jails)).toEqual(['on', 'by hand'])
  expect(findMissingJails(expectConfigured(jails), runningJailsOf(jails))).toEqual(['lost'])
})

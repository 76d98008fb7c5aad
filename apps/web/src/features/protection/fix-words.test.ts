import type { ConfigPreview } from '@bangui/shared'
import { expect, it } from 'vitest'
import { describeConsequences } from './fix-words.ts'

const preview: ConfigPreview = {
  ok: true,
  output: '',
  messages: [],
  filterTests: [],
  diff: [],
  load: { jails: [], restartJails: [], stopJails: [], full: false, restart: false },
  bansEnding: 0,
  bansInterrupted: 0,
  riskOfLockout: false,
  risks: [],
  lockOut: null,
  confirmWithin: null,
}
const tested = 'fail2ban has tested the change on a copy of the configuration.'

it('a change without consequences was tested', () => {
  expect(describeConsequences(preview)).toEqual([tested])
})

it('a change that can lock people out says what becomes of it where nobody reaches BanGUI any more', () => {
  expect(describeConsequences({ ...preview, riskOfLockout: true, confirmWithin: 60 }).at(-1)).toBe(
    'The change affects who is banned and how. It is kept only if you still reach BanGUI afterwards. The page checks this automatically; otherwise the change is rolled back after 1 minute.',
  )
})

it('a change says which jails it loads, restarts and stops, and what becomes of their bans', () => {
  const load = { ...preview.load, jails: ['sshd', 'web'], restartJails: ['web'], stopJails: ['ftp'] }
  expect(
    describeConsequences({ ...preview, load, bansEnding: 1, bansInterrupted: 2, riskOfLockout: true }),
  ).toEqual([
    tested,
    'Will be reloaded: sshd.',
    'Will be restarted: web.',
    'Will be stopped: ftp.',
    '2 bans will be lifted for about 2 seconds.',
    '1 ban will end.',
    'The change affects who is banned and how. Make sure that you can still reach this machine.',
  ])
})

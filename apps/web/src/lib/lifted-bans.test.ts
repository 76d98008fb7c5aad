import { expect, it } from 'vitest'
import { describeLifted } from './lifted-bans.ts'

it.each([
  { bansInterrupted: 0, words: undefined },
  { bansInterrupted: 1, words: '1 ban will be lifted for about 2 seconds.' },
  { bansInterrupted: 2_000, words: '2,000 bans will be lifted for about 30 seconds.' },
  { bansInterrupted: 50_000, words: '50,000 bans will be lifted for about 9 minutes.' },
  { bansInterrupted: 10, restart: true, words: '10 bans will be lifted for about 6 seconds.' },
])('says how many bans are lifted and for about how long: $words', ({ bansInterrupted, restart, words }) => {
  const isRestart = restart ?? false
  const load = { jails: [], restartJails: ['a'], stopJails: [], full: false as const, restart: isRestart }
  expect(describeLifted({ load, bansInterrupted })).toBe(words)
})

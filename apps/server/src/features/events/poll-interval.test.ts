import { expect, it } from 'vitest'
import { pollIntervalMs } from './poll-interval.ts'

const complete = { state: 'following', message: null } as const

it.each([
  { title: 'somebody watches', isWatched: true, log: complete, interval: 3_000 },
  { title: 'nobody watches, and the log shows every ban', isWatched: false, log: complete, interval: 6_000 },
  {
    title: 'nobody watches, and the log lacks something',
    isWatched: false,
    log: { state: 'following', message: 'The log level is WARNING.' } as const,
    interval: 3_000,
  },
  {
    title: 'nobody watches, and there is no log',
    isWatched: false,
    log: { state: 'missing', message: 'There is no log.' } as const,
    interval: 3_000,
  },
])('polls fail2ban every $interval ms while $title', ({ isWatched, log, interval }) => {
  expect(pollIntervalMs(isWatched, log)).toBe(interval)
})

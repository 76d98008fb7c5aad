import { formatDuration, parseDuration } from '@bangui/shared'
import { beforeAll, expect, it } from 'vitest'
import { evaluateWithFail2ban } from '../test/fail2ban-reader.ts'

const texts = [
  '-1',
  '0',
  '600',
  '10m',
  '10 m',
  '90s',
  '45 sec',
  '1 second',
  '2 minutes',
  '5min',
  '1h',
  '3 hours',
  '1d',
  '1d12h',
  '1d 12h',
  '1 day 12 hours 30 minutes',
  '1w',
  '2weeks',
  '1mo',
  '3month',
  '6 months',
  '1y',
  '2 years',
  '1y 2mo 3w 4d 5h 6m 7s',
  '0s',
  formatDuration(9_876_543),
]

let seconds: Map<string, unknown>

beforeAll(async () => {
  const found = await evaluateWithFail2ban(texts)
  seconds = new Map(texts.map((text, index) => [text, found[index]]))
})

it.each(texts)('reads %j as the fail2ban of this machine does', (text) => {
  expect(parseDuration(text)).toBe(seconds.get(text))
})

import { formatDuration, parseDuration } from '@bangui/shared'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const run = promisify(execFile)

async function secondsOfFail2ban(text: string): Promise<number> {
  const { stdout } = await run('fail2ban-client', ['--str2sec', text], { timeout: 200_000 })
  return Number(stdout.trim())
}

it.each([
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
])('reads %j as the fail2ban of this machine does', async (text) => {
  expect(parseDuration(text)).toBe(await secondsOfFail2ban(text))
})

import { expect, it } from 'vitest'
import { createOverdueJails } from './overdue-jails.ts'

it('a jail whose bans stay over is looked at less and less often, and at once when that happens anew', () => {
  let now = 0
  const overdue = createOverdueJails(() => now)
  const looks: number[] = []
  for (; now < 200_000; now += 1_000) if (overdue.due(['sshd']).length > 0) looks.push(now / 1_000)
  expect(looks).toEqual([0, 2, 6, 14, 30, 62, 122, 182])
  expect(overdue.due(['sshd', 'web'])).toEqual(['web'])
  expect(overdue.due([])).toEqual([])
  expect(overdue.due(['sshd'])).toEqual(['sshd'])
})

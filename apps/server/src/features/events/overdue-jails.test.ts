import { expect, it } from 'vitest'
import { createOverdueJails } from './overdue-jails.ts'

it('a jail whose bans stay over is looked at less and less often, and at once when that happens anew', () => {
  let now = 0
  const overdue = createOverdueJails(() => now)
  const looks: number[] = []
  for (; now < 200_000; now += 1_000) if (overdue.worth(['sshd']).length > 0) looks.push(now / 1_000)
  expect(looks).toEqual([0, 2, 6, 14, 30, 62, 122, 182])
  expect(overdue.worth(['sshd', 'web'])).toEqual(['web'])
  expect(overdue.worth([])).toEqual([])
  expect(overdue.worth(['sshd'])).toEqual(['sshd'])
})

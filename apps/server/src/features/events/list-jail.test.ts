import { expect, it } from 'vitest'
import { pauseAfterList } from './list-jail.ts'

it.each([
  { title: 'few bans, listed at once', took: 3, count: 40, pause: 500 },
  { title: 'few bans, listed by a daemon that answered nobody', took: 5_000, count: 40, pause: 5_000 },
  { title: 'very many bans', took: 1_100, count: 200_000, pause: 22_000 },
])(
  'a jail is listed again soon, but takes little of the time of the daemon: $title',
  ({ took, count, pause }) => {
    expect(pauseAfterList(took, count)).toBe(pause)
  },
)

// @vitest-environment node
import { expect, it } from 'vitest'
import { withHost } from './page-host.ts'

it.each([
  ['/jails', undefined, '/jails'],
  ['/jails', 'web1', '/jails?host=web1'],
  ['/', 'web1', '/?host=web1'],
  ['/jails?filter=off', 'web1', '/jails?filter=off&host=web1'],
  ['/jails?host=web2', 'web1', '/jails?host=web2'],
  ['/bans?host=web2&sort=since', 'web1', '/bans?host=web2&sort=since'],
  ['/settings#top', 'web1', '/settings?host=web1#top'],
])('the link %s on a page about %s leads to %s', (href, host, expected) => {
  expect(withHost(href, host)).toBe(expected)
})

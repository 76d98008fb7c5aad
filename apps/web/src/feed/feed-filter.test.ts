// @vitest-environment node
import type { Event } from '@bangui/shared'
import { expect, it } from 'vitest'
import { createFeedFilter, type FeedFilter, jailOf } from './feed-filter.ts'

const events: Readonly<Record<string, Event>> = {
  german: { type: 'ban.added', at: 1, jail: 'sshd', address: '192.0.2.9', country: 'DE' },
  french: { type: 'ban.removed', at: 1, jail: 'nginx', address: '2001:db8:1::9', country: 'FR' },
  unknown: { type: 'failure.found', at: 1, jail: 'sshd', address: '198.51.100.1' },
  network: { type: 'ban.added', at: 1, jail: 'nginx', address: '192.0.2.0/25', country: null },
  name: { type: 'ban.added', at: 1, jail: 'web', address: 'evil.example', country: null },
  jail: { type: 'jail.changed', at: 1, jail: 'sshd', change: 'started' },
  daemon: { type: 'daemon.changed', at: 1, online: true, version: '1.1.0' },
}

const shown = (filter: FeedFilter) => {
  const matches = createFeedFilter(filter)
  return Object.keys(events).filter((name) => {
    const event = events[name]
    return event !== undefined && matches(event)
  })
}

it.each([
  ['', Object.keys(events)],
  ['DE', ['german']],
  ['country:fr', ['french']],
  ['Germany', ['german']],
  ['country:Germany', ['german']],
  ['??', ['unknown', 'network', 'name']],
  ['jail:sshd', ['german', 'unknown', 'jail']],
  ['ngin', ['french', 'network']],
  ['evil.', ['name']],
  ['192.0.2.9', ['german', 'network']],
  ['192.0.2.7', ['network']],
  ['192.0.2.64/26', ['network']],
  ['192.0', ['german', 'network']],
  ['192.0.2.0/24', ['german', 'network']],
  ['192.0.2.128/25', []],
  ['2001:db8::/32', ['french']],
  ['2001:DB8:1:0::9', ['french']],
  ['jail:sshd DE', ['german']],
  ['jail:sshd FR', []],
  ['1.2.3.4/99', []],
])('the feed is searched for %j like the history', (search, expected) => {
  expect(shown({ search })).toEqual(expected)
})

it('the feed is filtered by choices and by the search text', () => {
  expect(shown({ jail: 'sshd' })).toEqual(['german', 'unknown', 'jail'])
  expect(shown({ country: '??' })).toEqual(['unknown', 'network', 'name'])
  expect(shown({ kind: 'ban', search: '192.0.2.0/24' })).toEqual(['german', 'network'])
  expect(shown({ jail: 'sshd', search: 'jail:nginx' })).toEqual([])
})

it('the feed filter returns the jail that it selects', () => {
  expect(jailOf({ jail: 'web', search: 'jail:sshd' })).toBe('web')
  expect(jailOf({ search: 'DE jail:sshd' })).toBe('sshd')
  expect(jailOf({ jail: '', search: 'sshd' })).toBeUndefined()
})

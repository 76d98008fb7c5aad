import { expect, it } from 'vitest'
import { type ConfigPart, hrefOf, partOf, settingHref } from './config-part.ts'

it.each<[ConfigPart, string]>([
  [{ kind: 'jail', name: 'a/b?c' }, '/configuration/jails/a%2Fb%3Fc'],
  [{ kind: 'filter', name: 'sshd' }, '/configuration/filters/sshd'],
  [{ kind: 'action', name: 'x.py' }, '/configuration/actions/x.py'],
  [{ kind: 'file', name: 'jail.d/100%.local' }, '/configuration/files/jail.d/100%25.local'],
  [{ kind: 'default' }, '/configuration/default'],
  [{ kind: 'fail2ban' }, '/configuration/fail2ban'],
  [{ kind: 'history' }, '/configuration/history'],
])('the page of %j has a link that names it again', (part, href) => {
  expect(hrefOf(part)).toBe(href)
  expect(partOf(href.slice('/configuration/'.length))).toEqual(part)
})

it.each([undefined, '', 'jails', 'jails/', 'default/x', 'nothing/x', '%'])('%j is no part', (path) => {
  expect(partOf(path)).toBeUndefined()
})

it('a setting has a link of its own', () => {
  expect(settingHref({ kind: 'default' }, { section: 'DEFAULT', key: 'a b' })).toBe(
    '/configuration/default#DEFAULT.a%20b',
  )
})

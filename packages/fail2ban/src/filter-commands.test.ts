import { expect, test } from 'vitest'
import { createTestHost } from '../test/with-host.ts'
import { Fail2banUnavailableError, JailUnknownError } from './errors.ts'
import { foldHostTags, readFilter } from './filter-commands.ts'

test('a real fail2ban returns the filter of a jail, with its tags filled in', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const filter = async () => at.host.jails.getFilter('app')
  expect(await filter()).toEqual({
    failRegex: ['^.*Failed login for .* from <ADDR>$'],
    ignoreRegex: [],
    prefRegex: null,
  })
  await at.daemon.ask('set', 'app', 'usedns', 'warn')
  await at.daemon.ask('set', 'app', 'addfailregex', String.raw`^<HOST> (?:GET|POST) <F-USER>\w+</F-USER>$`)
  await at.daemon.ask('set', 'app', 'addignoreregex', '^monitor from <ADDR>$')
  await at.daemon.ask('set', 'app', 'prefregex', String.raw`^web\[\d+\]: <F-CONTENT>.+</F-CONTENT>$`)
  expect(await filter()).toEqual({
    failRegex: ['^.*Failed login for .* from <ADDR>$', String.raw`^<HOST> (?:GET|POST) (?P<user>\w+)$`],
    ignoreRegex: ['^monitor from <ADDR>$'],
    prefRegex: String.raw`^web\[\d+\]: (?P<content>.+)$`,
  })
  for (const name of ['nosuch', '--all', '../x'])
    await expect(at.host.jails.getFilter(name)).rejects.toThrow(JailUnknownError)
})

test.each([
  ['nothing to fold', 'nothing to fold'],
  [String.raw`(?P<ip4>\d+)`, String.raw`(?P<ip4>\d+)`],
  [String.raw`a (?P<dns>[\w\-.^_]*\w) b`, 'a <DNS> b'],
])('%s is told as %s', (told, shown) => {
  expect(foldHostTags(told)).toBe(shown)
})

test('what a reply holds is bounded and fit to show', async () => {
  const replies: Record<string, unknown> = {
    failregex: Array.from({ length: 2_000 }, () => `\u001B[31m${'x'.repeat(60_000)}`),
    ignoreregex: ['a\u202Eb'],
    prefregex: null,
  }
  const connection = { request: async ([, , key = '']: readonly string[]) => replies[key] }
  const filter = await readFilter(connection, 'app')
  expect(filter.failRegex).toHaveLength(500)
  expect(filter.failRegex[0]).toMatch(/^\\u\{1b\}\[31mx+$/)
  expect(filter.failRegex[0]).toHaveLength(20_000)
  expect(filter).toMatchObject({ ignoreRegex: [String.raw`a\u{202e}b`], prefRegex: null })
  replies['failregex'] = 'no list'
  await expect(readFilter(connection, 'app')).rejects.toThrow(Fail2banUnavailableError)
})

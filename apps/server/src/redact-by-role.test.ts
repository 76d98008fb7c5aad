import type { JailDetail, Role } from '@bangui/shared'
import { insertUser } from '@bangui/db'
import { expect, it } from 'vitest'
import { createTestDeps, createVisitor } from '../test/create-test-deps.ts'
import { createFakeHost, jail } from '../test/fake-host.ts'
import { withHost } from '../test/one-host.ts'

const place = { file: '/etc/fail2ban/jail.local', line: 3 }

const detail: JailDetail = {
  ...jail('web'),
  configured: null,
  settings: [
    { key: 'bantime', value: '10m', ...place },
    { key: 'action', value: 'cloudflare[cftoken="s3cret"]', inForce: 's3cret', ...place },
    { key: 'banaction', value: 'cloudflare[cftoken="s3cret"]', ...place },
    { key: 'ignorecommand', value: '/bin/look --key s3cret <ip>', ...place },
    { key: 'abuseipdb_apikey', value: 's3cret', ...place },
    { key: 'action_abuse', value: '', ...place },
  ],
}

async function settingsFor(role: Role) {
  await using test = await createTestDeps()
  const passwordHash = await test.deps.passwords.hash('correct horse battery')
  await insertUser(test.deps.database.db, { name: 'Eve', passwordHash, role, now: 0 })
  const host = createFakeHost({
    jails: { get: async () => detail },
  })
  const visitor = createVisitor(withHost(test.deps, { host }))
  await visitor.call((api) => api.auth.login({ username: 'Eve', password: 'correct horse battery' }))
  return (await visitor.call((api) => api.jails.get({ name: 'web' }))).settings
}

it.each(['viewer', 'operator'] as const)('a %s sees no keys of other services', async (role) => {
  const settings = await settingsFor(role)
  expect(JSON.stringify(settings)).not.toContain('s3cret')
  expect(settings[0]).toEqual({ key: 'bantime', value: '10m', ...place })
  expect(settings[1]).toEqual({ key: 'action', value: '', hidden: true, ...place })
  expect(settings[5]).toEqual({ key: 'action_abuse', value: '', ...place })
})

it('an administrator sees all', async () => {
  expect(await settingsFor('admin')).toEqual(detail.settings)
})

import { HostError } from '@bangui/fail2ban'
import type { EffectiveSetting, Role } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { asRole } from '../../../test/as-role.ts'
import { createTestDeps, refusalOf } from '../../../test/create-test-deps.ts'
import { createFakeHost, type FakeVerbs } from '../../../test/fake-host.ts'
import { withHost } from '../../../test/one-host.ts'
import { createCaller } from '../../router.ts'

const setting = (key: string, value: string, more: Partial<EffectiveSetting> = {}): EffectiveSetting => ({
  key,
  section: 'web',
  value,
  raw: value,
  file: '/etc/fail2ban/jail.local',
  line: 3,
  isDefault: false,
  inForce: null,
  overrides: [],
  ...more,
})

const place = { file: '/etc/fail2ban/jail.conf', line: 9 }

const settings = [
  setting('bantime', '1h', { inForce: '600', overrides: [{ ...place, value: '10m' }] }),
  setting('action', 'mail[key=s3cret]', { overrides: [{ ...place, value: 'cloud[key=s3cret]' }] }),
  setting('ignorecommand', '', { raw: '', inForce: 'look --key s3cret' }),
  setting('apikey', '', { raw: '%(s3cret)s' }),
  setting('mta', ''),
]

async function openConfig(role: Role, config: NonNullable<FakeVerbs['config']>) {
  const test = await createTestDeps()
  const host = createFakeHost({ config })
  const api = createCaller(asRole(withHost(test.deps, { host }), role)).config
  return { api, [Symbol.asyncDispose]: () => test[Symbol.asyncDispose]() }
}

describe('the effective settings', () => {
  it.each(['viewer', 'operator'] as const)(
    'show a %s that there is a secret value, not which',
    async (role) => {
      await using at = await openConfig(role, { listSettings: async () => settings })
      const shown = (await at.api.effective({ scope: 'jail', name: 'web' })).settings
      expect(JSON.stringify(shown)).not.toContain('s3cret')
      expect(shown[0]).toEqual(settings[0])
      expect(shown[1]).toEqual({
        ...settings[1],
        value: '',
        raw: '',
        overrides: [{ ...place, value: '' }],
        hidden: true,
      })
      expect(shown[2]).toMatchObject({ inForce: '', hidden: true })
      expect(shown[3]).toMatchObject({ raw: '', hidden: true })
      expect(shown[4]).toEqual(settings[4])
    },
  )

  it('show an administrator everything', async () => {
    await using at = await openConfig('admin', { listSettings: async () => settings })
    expect((await at.api.effective({ scope: 'jail', name: 'web' })).settings).toEqual(settings)
  })

  it('are refused for a filter that has no file', async () => {
    await using at = await openConfig('admin', { listSettings: async () => [] })
    expect(await refusalOf(at.api.effective({ scope: 'filter', name: 'x' }))).toMatchObject({
      reason: 'not_found',
    })
    expect(await at.api.effective({ scope: 'default' })).toEqual({ settings: [] })
  })

  it.each([{ scope: 'jail' }, { scope: 'default', name: 'x' }, { scope: 'filter', name: '' }] as const)(
    'are refused for the input %j',
    async (input) => {
      await using at = await openConfig('admin', { listSettings: async () => settings })
      expect(await refusalOf(at.api.effective(input))).toMatchObject({ code: 'BAD_REQUEST' })
    },
  )
})

describe('the text of a file', () => {
  const file = {
    path: 'jail.local',
    text: '# s3cret\n[web]\nbantime = 1h\nkey = s3cret\n',
    encoding: 'utf-8' as const,
    size: 41,
    isCut: false,
    sha256: 'a'.repeat(64),
  }

  it('has no values of secrets and no comments for a viewer', async () => {
    await using at = await openConfig('viewer', { readFile: async () => file })
    expect(await at.api.file({ path: 'jail.local' })).toEqual({
      ...file,
      text: '# (hidden)\n[web]\nbantime = 1h\nkey = (hidden)\n',
      sha256: null,
      hidden: true,
    })
  })

  it('is complete for an administrator', async () => {
    await using at = await openConfig('admin', { readFile: async () => file })
    expect(await at.api.file({ path: 'jail.local' })).toEqual(file)
  })

  it('is not found, or not readable, with a reason', async () => {
    await using at = await openConfig('admin', {
      readFile: (path) =>
        path === 'missing'
          ? Promise.resolve(null)
          : Promise.reject(new HostError('config_unreadable', { message: 'It is a link.' })),
    })
    expect(await refusalOf(at.api.file({ path: 'missing' }))).toMatchObject({ reason: 'not_found' })
    expect(await refusalOf(at.api.file({ path: 'link' }))).toMatchObject({
      reason: 'config_unreadable',
      params: { message: 'It is a link.' },
    })
  })

  it.each(['../jail.conf', '/etc/passwd', 'a\0', 'a\nb', ''])(
    'is not asked for by the path %j',
    async (path) => {
      await using at = await openConfig('admin', { readFile: async () => file })
      expect(await refusalOf(at.api.file({ path }))).toMatchObject({ code: 'BAD_REQUEST' })
    },
  )
})

it('the catalogue names every option with what it means, by where it stands', async () => {
  await using at = await openConfig('viewer', {})
  const options = await at.api.options()
  expect(Object.keys(options)).toEqual(['jail', 'filter', 'action', 'fail2ban'])
  expect(options.jail.find(({ key }) => key === 'findtime')).toMatchObject({
    unit: 'seconds',
    default: '600',
    meaning: 'Failures of an address within this time count together.',
    grammar: { says: 'a duration such as 10m or 1d 12h, or -1', pattern: null },
  })
  const port = options.jail.find(({ key }) => key === 'port')?.grammar.pattern
  expect(new RegExp(port ?? '').test('ssh,2222')).toBe(true)
  expect(new RegExp(port ?? '').test('ssh$(id)')).toBe(false)
})

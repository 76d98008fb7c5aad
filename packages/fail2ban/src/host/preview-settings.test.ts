import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { previewSettings, stageSettings } from '../../test/changes.ts'
import { createTestHost, type TestHost } from '../../test/with-host.ts'
import { findFail2banVersions } from '../testing.ts'

const ownFile = (at: TestHost) => join(at.daemon.configDir, 'jail.d', 'zz-bangui.local')

describe.each(findFail2banVersions())('the preview of settings on fail2ban $version', ({ binDir }) => {
  test('names everything that the load makes different, and what of it can be kept', async () => {
    await using at = await createTestHost({
      jails: [{ name: 'app', options: { ignoreip: '10.0.0.0/8' } }],
      ...(binDir !== undefined && { binDir }),
    })
    await at.daemon.start()
    await at.host.jails.tune('app', {
      bantime: 3600,
      addIgnored: ['192.0.2.1'],
      removeIgnored: ['10.0.0.0/8'],
    })
    await at.daemon.ask('set', 'app', 'usedns', 'warn')
    await at.daemon.ask('set', 'app', 'addfailregex', '^oops <HOST>$')
    const settings = { maxretry: 9, addIgnored: ['203.0.113.0/24'] }
    const preview = await previewSettings(at.host, 'app', settings)
    expect(preview).toMatchObject({ already: false, refused: null, loads: true, warnings: [] })
    expect(preview.files).toEqual([{ path: ownFile(at), diff: expect.stringContaining('+maxretry = 9') }])
    const all = expect.arrayContaining([
      { key: 'maxretry', now: '3', after: '9', kind: 'asked' },
      { key: 'ignoreip', now: null, after: '203.0.113.0/24', kind: 'asked' },
      { key: 'bantime', now: '3600', after: '600', kind: 'temporary' },
      { key: 'ignoreip', now: '192.0.2.1', after: null, kind: 'temporary' },
      { key: 'ignoreip', now: null, after: '10.0.0.0/8', kind: 'temporary' },
      { key: 'usedns', now: 'warn', after: 'no', kind: 'lost' },
      { key: 'failregex', now: '^oops <HOST>$', after: null, kind: 'lost' },
    ])
    expect(preview.changes).toEqual(all)
    expect(preview.changes).toHaveLength(7)
    await expect(stat(ownFile(at))).rejects.toThrow('ENOENT')

    const kept = await stageSettings(at.host, 'app', settings)
    expect(kept?.runtime).toEqual([
      { jail: 'app', key: 'bantime', value: '3600' },
      { jail: 'app', key: 'addignoreip', value: '192.0.2.1' },
      { jail: 'app', key: 'delignoreip', value: '10.0.0.0/8' },
    ])
    const giveUp = ['bantime', '192.0.2.1', '10.0.0.0/8']
    const change = await stageSettings(at.host, 'app', { ...settings, giveUp })
    expect(change?.runtime).toEqual([])
    expect(await at.host.config.apply(change?.changeId ?? '')).toMatchObject({ applied: true })
    expect(await at.host.jails.getTuning('app')).toEqual({ bantime: 600, findtime: 600, maxretry: 9 })
    const nothing = await previewSettings(at.host, 'app', settings)
    expect(nothing).toMatchObject({ already: true, files: [], loads: false, changes: [] })
  })
})

test('the preview of settings says why fail2ban would refuse them, and that they cannot be written', async () => {
  await using at = await createTestHost({
    jails: [{ name: 'app', failregex: '(((' }, { name: 'web' }],
  })
  expect(await previewSettings(at.host, 'app', { bantime: 60 })).toMatchObject({
    refusedReason: 'config_refused',
    refused: expect.stringContaining('failregex'),
    changes: [],
  })
  await using other = await createTestHost(undefined, { configWrite: 'off' })
  expect(await previewSettings(other.host, 'app', { bantime: 60 })).toMatchObject({
    readOnly: true,
    refused: null,
  })
})

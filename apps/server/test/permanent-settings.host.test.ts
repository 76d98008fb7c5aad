import { createPrivateDaemon } from '@bangui/fail2ban'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { signIn, unattended } from './api-client.ts'
import { startBangui, wired } from './bangui-process.ts'
import { environmentOf } from './daemon-environment.ts'

const temporary = { bantime: '2h', addIgnored: ['45.1.1.1'], removeIgnored: ['10.0.0.0/8'] }

/** A jail that was changed until its next load. */
async function setUp() {
  const stack = new AsyncDisposableStack()
  const options = { ignoreip: '10.0.0.0/8 home.example.org' }
  const daemon = stack.use(await createPrivateDaemon({ jails: [{ name: 'app', options }] }))
  await daemon.start()
  const bangui = stack.use(await startBangui({ ...environmentOf(daemon), ...unattended }, { program: wired }))
  const { api } = await signIn(bangui.url)
  await api.jails.update.mutate({ name: 'app', ...temporary })
  return {
    daemon,
    api,
    tuning: () => api.jails.tuning.query({ name: 'app' }),
    written: () => readFile(join(daemon.configDir, 'jail.d', 'zz-bangui.local'), 'utf8').catch(() => null),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

describe('a permanent change of a jail', { concurrent: true }, () => {
  it('is previewed with its diff and with all else that the load makes different', async () => {
    await using at = await setUp()
    const preview = await at.api.jails.previewUpdate.mutate({ name: 'app', maxretry: 7 })
    expect(preview).toMatchObject({ refused: null, loads: true })
    expect(preview.files).toMatchObject([{ diff: expect.stringContaining('+maxretry = 7') }])
    expect(preview.changes.toSorted((a, b) => String(a.now).localeCompare(String(b.now)))).toEqual([
      { key: 'maxretry', now: '3', after: '7', kind: 'asked' },
      { key: 'ignoreip', now: '45.1.1.1', after: null, kind: 'temporary' },
      { key: 'bantime', now: '7200', after: '600', kind: 'temporary' },
      { key: 'ignoreip', now: null, after: '10.0.0.0/8', kind: 'temporary' },
    ])
    expect(await at.written()).toBeNull()
  })

  it('leaves what was changed until the next load in effect, and out of the file', async () => {
    await using at = await setUp()
    const input = { name: 'app', maxretry: 7, addIgnored: ['45.2.2.2'], permanent: true }
    expect(await at.api.jails.update.mutate(input)).toMatchObject({ applied: true, output: null })
    const now = await at.tuning()
    expect(now).toMatchObject({ bantime: 7_200, maxretry: 7 })
    expect(now.ignored.toSorted()).toEqual(['45.1.1.1', '45.2.2.2', 'home.example.org'])
    const file = await at.written()
    expect(file).toContain('maxretry = 7')
    expect(file).toContain('45.2.2.2')
    expect(file).not.toMatch(/bantime|45\.1\.1\.1/)
    await at.api.jails.reload.mutate({ name: 'app' })
    const after = await at.tuning()
    expect(after).toMatchObject({ bantime: 600, maxretry: 7 })
    expect(after.ignored.toSorted()).toEqual(['10.0.0.0/8', '45.2.2.2', 'home.example.org'])
  })

  it('ends what is given up', async () => {
    await using at = await setUp()
    const giveUp = ['bantime', '45.1.1.1', '10.0.0.0/8']
    await at.api.jails.update.mutate({ name: 'app', maxretry: 7, permanent: true, giveUp })
    const now = await at.tuning()
    expect(now).toMatchObject({ bantime: 600, maxretry: 7 })
    expect(now.ignored.toSorted()).toEqual(['10.0.0.0/8', 'home.example.org'])
  })
})

import { createPrivateDaemon, type PrivateJail } from '@bangui/fail2ban'
import { describe, expect, it } from 'vitest'
import { signIn, unattended, watchLive } from './api-client.ts'
import { startBangui } from './bangui-process.ts'
import { bannedIn } from './banned-in.ts'
import { environmentOf } from './daemon-environment.ts'
import { eventually } from './eventually.ts'
import { latestRuntime } from './latest-runtime.ts'

/** A real daemon with two jails and one that is switched off, and a BanGUI that watches it. */
async function setUp() {
  const stack = new AsyncDisposableStack()
  const jails: PrivateJail[] = [{ name: 'app' }, { name: 'web' }, { name: 'spare', enabled: false }]
  const daemon = stack.use(await createPrivateDaemon({ jails }))
  await daemon.start()
  const bangui = stack.use(await startBangui({ ...environmentOf(daemon), ...unattended }))
  const { api } = await signIn(bangui.url)
  const live = stack.use(watchLive(api))
  await live.until((message) => 'runtime' in message && message.runtime.serverStatus.online)
  const runtime = () => latestRuntime(live)
  const status = () => runtime()?.serverStatus
  const running = async () =>
    (await api.jails.list.query()).filter((jail) => jail.running).map(({ name }) => name)
  const events = () => bangui.lines.map((line) => line['event'])
  return {
    daemon,
    bangui,
    api,
    runtime,
    status,
    running,
    events,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

const ban = '192.0.2.7'

describe('stopping and starting fail2ban', { concurrent: true }, () => {
  it('is no crash, right after an activation too, and every ban comes back', async () => {
    await using at = await setUp()
    await at.daemon.ask('set', 'app', 'banip', ban)
    await at.api.jails.activate.mutate({ name: 'spare' })
    expect(await at.api.server.stop.mutate()).toMatchObject({ online: false, activity: null })
    expect(await at.daemon.pid()).toBeUndefined()
    expect(await at.api.recovery.pending.query()).toBeNull()
    expect(await at.api.server.start.mutate()).toMatchObject({ online: true, activeJails: 3 })
    expect(await bannedIn(at.daemon, 'app')).toContain(ban)
    await expect(at.api.server.start.mutate()).rejects.toMatchObject({ data: { reason: 'daemon_online' } })
    const pid = await at.daemon.pid()
    expect(await at.api.server.restart.mutate()).toMatchObject({ online: true, activeJails: 3 })
    expect(await at.daemon.pid()).not.toBe(pid)
    expect(await at.api.recovery.pending.query()).toBeNull()
    expect(at.events()).not.toContain('activation_crash_detected')
  })

  it('is refused with the reason of fail2ban where one jail is broken, and nothing stops', async () => {
    await using at = await setUp()
    await at.daemon.ask('set', 'app', 'banip', ban)
    const pid = await at.daemon.pid()
    for (const broken of [{ failregex: '^(unclosed <HOST>$' }, { bantime: 'nonsense' }]) {
      await at.daemon.addJail({ name: 'bad', ...broken })
      for (const verb of ['restart', 'reload'] as const) {
        const refused = at.api.server[verb].mutate()
        await expect(refused).rejects.toMatchObject({
          message: expect.stringContaining('bad'),
          data: { code: 'BAD_REQUEST', reason: 'config_refused' },
        })
      }
    }
    expect(await at.daemon.pid()).toBe(pid)
    expect(await at.running()).toEqual(['app', 'web'])
    expect(await bannedIn(at.daemon, 'app')).toContain(ban)
    // where all of this took a minute, the broken jail is missing by then
    expect((await at.api.recovery.pending.query())?.missingJails ?? ['bad']).toEqual(['bad'])
  })
})

describe('one jail with a value that only fail2ban refuses', { concurrent: true }, () => {
  it.each([{ failregex: '^(unclosed <HOST>$' }, { bantime: 'nonsense' }])(
    'costs no other jail and no ban, whatever BanGUI is asked to do: %j',
    async (broken) => {
      await using at = await setUp()
      await at.daemon.ask('set', 'app', 'banip', ban)
      await at.daemon.addJail({ name: 'bad', enabled: false, ...broken })
      await expect(at.api.jails.activate.mutate({ name: 'bad' })).rejects.toMatchObject({
        message: expect.stringMatching(/regex|bantime|nonsense/i),
        data: { reason: 'config_refused' },
      })
      expect(await at.api.jails.preview.query({ name: 'bad', enabled: true })).toMatchObject({
        refused: expect.any(String),
      })
      await at.daemon.addJail({ name: 'bad', ...broken })
      expect(await at.api.jails.activate.mutate({ name: 'spare' })).toMatchObject({ applied: true })
      expect(await at.running()).toEqual(['app', 'spare', 'web'])
      expect(await at.api.jails.deactivate.mutate({ name: 'spare' })).toMatchObject({ applied: true })
      expect(await bannedIn(at.daemon, 'app')).toContain(ban)
      expect(await at.running()).toEqual(['app', 'web'])
      expect(await at.api.recovery.pending.query()).toBeNull()

      await at.api.server.stop.mutate()
      await at.api.server.start.mutate()
      expect(await at.running()).toEqual(['app', 'web'])
      expect(await bannedIn(at.daemon, 'app')).toContain(ban)
      expect(await at.api.recovery.pending.query()).toMatchObject({ missingJails: ['bad'], recovered: false })
      const result = await at.api.recovery.rollback.mutate()
      expect(result.output).toContain('bad was deactivated')
      expect(await at.running()).toEqual(['app', 'web'])
      expect(await at.api.server.restart.mutate()).toMatchObject({ online: true, activeJails: 2 })
    },
  )
})

describe('a daemon that a signal holds', { concurrent: true }, () => {
  it('is silent but not offline for more than ten seconds, is not started over, and goes on', async () => {
    await using at = await setUp()
    const pid = await at.daemon.pid()
    await at.daemon.kill('SIGSTOP')
    await eventually(() =>
      expect(at.status()).toMatchObject({ online: true, responding: false, reason: 'timeout' }),
    )
    const first = (await at.api.server.status.query()).checkedAt ?? 0
    await expect(at.api.server.start.mutate()).rejects.toMatchObject({
      message: expect.stringContaining(String(pid)),
      data: { reason: 'daemon_unresponsive' },
    })
    await eventually(async () =>
      expect((await at.api.server.status.query()).checkedAt).toBeGreaterThan(first + 5_000),
    )
    expect(at.status()).toMatchObject({
      online: true,
      responding: false,
      version: expect.any(String),
      activeJails: 2,
    })
    await at.daemon.kill('SIGCONT')
    await eventually(() =>
      expect(at.status()).toMatchObject({ online: true, responding: true, reason: null }),
    )
    expect(await at.daemon.pid()).toBe(pid)
    expect(await at.running()).toEqual(['app', 'web'])
    expect(at.events()).not.toContain('fail2ban_went_offline')
    expect(await at.api.recovery.pending.query()).toBeNull()
  })
})

describe('jails that are lost behind the back of BanGUI', { concurrent: true }, () => {
  it('are noticed, and loaded again with one click', async () => {
    await using at = await setUp()
    await at.daemon.ask('stop', 'web')
    await eventually(() =>
      expect(at.runtime()?.pendingRecovery).toMatchObject({
        cause: 'jails_missing',
        missingJails: ['web'],
        changeId: null,
        recovered: false,
      }),
    )
    expect(await at.api.recovery.rollback.mutate()).toMatchObject({
      restored: [],
      online: true,
      output: null,
    })
    expect(await at.running()).toEqual(['app', 'web'])
    expect(await at.api.recovery.pending.query()).toMatchObject({ recovered: true })
  })

  it('to a broken jail at a full reload are noticed, and come back with its name', async () => {
    await using at = await setUp()
    await at.daemon.addJail({ name: 'bad', failregex: '^(unclosed <HOST>$' })
    await at.daemon.client('reload')
    await eventually(() =>
      expect(at.runtime()?.pendingRecovery).toMatchObject({
        cause: 'jails_missing',
        missingJails: expect.arrayContaining(['app', 'web']),
      }),
    )
    const result = await at.api.recovery.rollback.mutate()
    expect(result.output).toMatch(/^bad: .*regex/im)
    expect(await at.running()).toEqual(expect.arrayContaining(['app', 'web']))
    await at.api.recovery.dismiss.mutate()
    expect(await at.api.recovery.pending.query()).toBeNull()
  })
})

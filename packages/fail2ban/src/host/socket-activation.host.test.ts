import { resultOf } from '@bangui/async'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { startSocketActivator } from '../../test/socket-activator.ts'
import { createTestHost, runningJails } from '../../test/with-host.ts'
import { StartFailedError } from '../errors.ts'
import { findFail2banVersions } from '../testing.ts'

/** The daemon can take the listening socket over from 1.1.1 on. */
const versions = findFail2banVersions()
const ways = [
  ...versions.slice(0, 1).map((fail2ban) => ({ ...fail2ban, mode: 'replace' as const })),
  ...versions
    .filter(({ version }) => version.localeCompare('1.1.1', 'en', { numeric: true }) >= 0)
    .map((fail2ban) => ({ ...fail2ban, mode: 'inherit' as const })),
]

describe.each(ways)('fail2ban $version behind a socket that others hold ($mode)', (fail2ban) => {
  /** A daemon that nobody has started yet, an activator on its socket, and the host. */
  async function setUp() {
    const stack = new AsyncDisposableStack()
    const jails = [{ name: 'app' }, { name: 'web' }]
    const at = stack.use(await createTestHost({ ...fail2ban, jails }))
    const activator = stack.use(await startSocketActivator(at.daemon, fail2ban, fail2ban.mode))
    /** Looks at the daemon as often as a page that is open for a while. */
    const lookOften = async () => {
      const outcomes = []
      for (let look = 0; look < 10; look += 1) {
        outcomes.push(await at.host.daemon.probe())
        await sleep(25)
      }
      return outcomes
    }
    const online = () =>
      vi.waitFor(async () => expect(await at.host.daemon.probe()).toMatchObject({ ok: true }), 30_000)
    return { ...at, activator, lookOften, online, [Symbol.asyncDispose]: () => stack.disposeAsync() }
  }

  it('is started by the first look, and stays stopped when it was stopped', async () => {
    await using at = await setUp()
    await at.online()
    expect(at.activator.starts).toBe(1)
    await at.host.daemon.stop()
    expect(await at.daemon.pid()).toBeUndefined()
    const outcomes = await at.lookOften()
    expect(at.activator.starts).toBe(1)
    expect(outcomes.at(-1)).toMatchObject({
      ok: false,
      reason: 'refused',
      message: expect.stringContaining(
        `python3 (process ${at.activator.pid}) listens on ${at.daemon.socketPath}`,
      ),
    })
    await at.host.daemon.stop()
    expect(await at.host.daemon.start()).toMatchObject({ ok: true, missingJails: [] })
    expect(at.activator.starts).toBe(2)
    expect(await runningJails(at.host)).toEqual(['app', 'web'])
  })

  it('restarts once', async () => {
    await using at = await setUp()
    await at.online()
    const pid = await at.daemon.pid()
    expect(await resultOf(at.host.daemon.restart())).toMatchObject({ ok: true, missingJails: [] })
    expect(at.activator.starts).toBe(2)
    expect(await at.daemon.pid()).not.toBe(pid)
  })

  it('stays stopped when others stop it, and is seen when others start it', async () => {
    await using at = await setUp()
    await at.online()
    const looking = at.lookOften()
    await at.daemon.client('stop')
    await looking
    await at.lookOften()
    expect(at.activator.starts).toBe(1)
    expect(await at.daemon.pid()).toBeUndefined()
    await at.daemon.client('ping')
    await at.online()
    expect(at.activator.starts).toBe(2)
  })

  it('is not started again and again when a jail kills it', async () => {
    await using at = await setUp()
    await at.online()
    await at.daemon.addCrashingJail('crasher')
    await writeFile(join(at.daemon.configDir, 'jail.d', 'on.local'), '[crasher]\nenabled = true\n')
    await at.daemon.client('reload', '--if-exists', 'crasher')
    await vi.waitFor(async () => expect(await at.daemon.pid()).toBeUndefined(), 10_000)
    await at.lookOften()
    expect(at.activator.starts).toBe(1)
    await expect(at.host.daemon.start()).rejects.toThrow(StartFailedError)
    await at.lookOften()
    expect(at.activator.starts).toBe(2)
  })

  it('is stopped for good under another name of its folder too', async () => {
    await using at = await setUp()
    const link = join(at.daemon.folder, 'link')
    await symlink(at.daemon.folder, link)
    await mkdir(join(at.daemon.folder, 'other'))
    await using other = await createTestHost(
      { ...fail2ban, folder: join(at.daemon.folder, 'other') },
      {
        socketPath: join(link, 'fail2ban.sock'),
        configDir: at.daemon.configDir,
      },
    )
    await vi.waitFor(async () => expect(await other.host.daemon.probe()).toMatchObject({ ok: true }), 30_000)
    await other.host.daemon.stop()
    await other.host.daemon.probe()
    expect(at.activator.starts).toBe(1)
  })
})

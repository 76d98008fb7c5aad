import { createPrivateDaemon } from '@bangui/fail2ban'
import type { Live } from '@bangui/shared'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { signIn, unattended, watchLive } from './api-client.ts'
import { startBangui, wired } from './bangui-process.ts'
import { environmentOf } from './daemon-environment.ts'

const runtimeOf = (live: Live) => ('runtime' in live ? live.runtime : null)
const crashed = (live: Live) => runtimeOf(live)?.pendingRecovery?.recovered === false
/** What a look found, not the placeholder before the first one. */
const seenDown = (live: Live) => {
  const status = runtimeOf(live)?.serverStatus
  return status?.online === false && status.checkedAt !== null
}
const online = (live: Live) => runtimeOf(live)?.serverStatus.online === true

async function contentsOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Object.fromEntries(
    await Promise.all(files.toSorted().map(async (file) => [file, await readFile(file, 'utf8')])),
  )
}

describe('a daemon that dies after an activation', () => {
  it('is on screen within a second, survives kill -9 of BanGUI, and comes back with one click', async () => {
    await using daemon = await createPrivateDaemon({ jails: [{ name: 'sshd' }] })
    await daemon.addCrashingJail('bad')
    await daemon.start()
    const before = await contentsOf(daemon.configDir)
    const environment = { ...environmentOf(daemon), ...unattended }

    {
      await using bangui = await startBangui(environment, { program: wired })
      const { api } = await signIn(bangui.url)
      using live = watchLive(api)
      await live.until(online)
      await api.jails.activate.mutate({ name: 'bad' })
      const data = await live.until(crashed)
      expect(runtimeOf(data)).toMatchObject({
        serverStatus: { online: false },
        pendingRecovery: { jailName: 'bad', cause: 'crashed', recovered: false },
      })
      expect(bangui.lines).toContainEqual(
        expect.objectContaining({ event: 'activation_crash_detected', jail: 'bad' }),
      )
      await bangui.kill('SIGKILL')
    }

    await using bangui = await startBangui(environment, { program: wired })
    const { api } = await signIn(bangui.url)
    using live = watchLive(api)
    await live.until(crashed)
    const result = await api.recovery.rollback.mutate()
    expect(result).toMatchObject({ started: true, online: true })
    expect(result.restored).toHaveLength(1)
    const data = await live.until((message) => runtimeOf(message)?.recovery?.step === 'done')
    expect(runtimeOf(data)).toMatchObject({
      serverStatus: { online: true, activeJails: 1 },
      pendingRecovery: { jailName: 'bad', recovered: true },
    })
    expect(await contentsOf(daemon.configDir)).toEqual(before)
    await api.recovery.dismiss.mutate()
    expect(await api.recovery.pending.query()).toBeNull()
  })

  it('is noticed when its connection closes, whatever the interval', async () => {
    await using daemon = await createPrivateDaemon({ jails: [{ name: 'sshd' }] })
    await daemon.start()
    await using bangui = await startBangui({
      ...environmentOf(daemon),
      ...unattended,
      BANGUI_PROBE_INTERVAL_SECONDS: '3600',
    })
    const { api } = await signIn(bangui.url)
    using live = watchLive(api)
    await live.until(online)
    await daemon.kill('SIGKILL')
    const data = await live.until(seenDown)
    expect(runtimeOf(data)?.serverStatus.reason).toMatch(/refused|socket_missing/)
  })
})

import { createSimulator, type Simulator } from '@bangui/fail2ban'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clientOf, signIn, unattended } from './api-client.ts'
import { runBangui, startBangui } from './bangui-process.ts'
import { eventually } from './eventually.ts'

let folder: string
let simulator: Simulator
let environment: Record<string, string>

beforeEach(async () => {
  folder = await mkdtemp('/tmp/bangui-')
  simulator = await createSimulator({ socketPath: join(folder, 'f2b.sock'), jails: [{ name: 'sshd' }] })
  environment = {
    BANGUI_DATA_DIR: join(folder, 'data'),
    BANGUI_FAIL2BAN_SOCKET: simulator.socketPath,
    BANGUI_FAIL2BAN_CONFIG_DIR: join(folder, 'config'),
    BANGUI_LOG_LEVEL: 'debug',
    ...unattended,
  }
})

afterEach(async () => {
  await simulator.stop()
  await rm(folder, { recursive: true, force: true })
})

const stopped = (lines: readonly Record<string, unknown>[]) =>
  lines.filter((line) => line['event'] === 'stage_stopped').map((line) => line['stage'])

describe('a second signal', () => {
  /** Sends the second signal while a job runs that waits for five seconds. Gives the exit code, and whether it came in time. */
  async function endTwice() {
    simulator.setFault(null)
    await using bangui = await startBangui(environment)
    const { api, cookie } = await signIn(bangui.url)
    simulator.setFault({ kind: 'hang' })
    // five seconds of waiting for an answer that does not come
    // by another client: calls of one client that are made together are answered together
    const other = clientOf(bangui.url, cookie).api
    void other.server.runJob.mutate({ name: 'health_check' }).catch(() => undefined)
    await eventually(async () =>
      expect(await api.server.jobs.query()).toContainEqual(
        expect.objectContaining({ name: 'health_check', running: true }),
      ),
    )
    const firstAt = performance.now()
    process.kill(bangui.pid, 'SIGTERM')
    await eventually(() => expect(performance.now() - firstAt).toBeGreaterThan(1_100))
    const code = await bangui.kill('SIGTERM')
    return { code, hasStopped: stopped(bangui.lines).includes('database') }
  }

  it('more than a second after the first ends the process at once, whatever still runs', async () => {
    let ended = await endTwice()
    // on a busy machine the second signal may find a process that has ended by itself
    while (ended.hasStopped) ended = await endTwice()
    expect(ended).toEqual({ code: 1, hasStopped: false })
  })
})

describe('SIGTERM during the start', () => {
  it('undoes what was started and ends with 0', async () => {
    for (const stage of ['database', 'migrations', 'daemon connection']) {
      const ended = await runBangui(environment, {
        onLine: (line, kill) => {
          if (line['event'] === 'stage_started' && line['stage'] === stage) kill('SIGTERM')
        },
      })
      expect(ended.code).toBe(0)
      const started = ended.lines
        .filter((line) => line['event'] === 'stage_started')
        .map((line) => line['stage'])
      expect(stopped(ended.lines).slice(-started.length)).toEqual(started.toReversed())
      expect(ended.output).not.toContain('BanGUI did not start')
    }
    await using next = await startBangui(environment)
    expect((await fetch(`${next.url}api/health`)).status).toBe(200)
  })
})

describe('an executor lock that somebody else took', () => {
  it('ends this process at its next heartbeat, and leaves the other one its row', async () => {
    await using bangui = await startBangui(environment)
    const { api } = await signIn(bangui.url)
    const path = join(folder, 'data', 'bangui.db')
    const other = new DatabaseSync(path)
    other.exec(`update scheduler_lock set pid = 4242, owner_token = 'somebody else'`)
    void api.server.runJob.mutate({ name: 'scheduler_lock_heartbeat' }).catch(() => undefined)
    expect(await bangui.ended).toBe(1)
    expect(bangui.lines).toContainEqual(
      expect.objectContaining({ level: 'error', event: 'executor_lock_lost' }),
    )
    expect(other.prepare('select pid from scheduler_lock').get()).toEqual({ pid: 4242 })
    other.close()
  })
})

describe('the log', () => {
  const fieldsOf = (lines: readonly Record<string, unknown>[], event: string) => {
    const line = lines.find((candidate) => candidate['event'] === event)
    if (!line) return undefined
    const { time: _time, msg: _msg, event: _event, ...rest } = line
    return rest
  }

  it('has each event under its name, with its level and its fields', async () => {
    await using bangui = await startBangui(environment)
    const { api } = await signIn(bangui.url)
    await expect(signIn(bangui.url, { username: 'root', password: 'x' })).rejects.toThrow()
    await eventually(() =>
      expect(fieldsOf(bangui.lines, 'health_check_complete')).toEqual({
        level: 'debug',
        online: true,
        version: simulator.version,
        activeJails: 1,
      }),
    )
    await simulator.kill()
    await eventually(() => expect(fieldsOf(bangui.lines, 'fail2ban_went_offline')).toEqual({ level: 'warn' }))
    await api.settings.update.mutate({ sessionCacheEnabled: false, probeIntervalSeconds: 1 })
    await eventually(() => expect(scheduledIntervals(bangui.lines)).toEqual([30, 1]))
    await api.server.status.query()
    expect(fieldsOf(bangui.lines, 'fail2ban_came_online')).toEqual({
      level: 'info',
      version: simulator.version,
    })
    expect(fieldsOf(bangui.lines, 'listening')).toEqual({ level: 'info', url: bangui.url })
    expect(fieldsOf(bangui.lines, 'login_failed')).toEqual({
      level: 'warn',
      remoteAddress: '127.0.0.1',
      username: 'root',
    })
    const caches = bangui.lines.filter((line) => line['event'] === 'session_cache_updated')
    expect(caches.map(({ level, cacheType }) => [level, cacheType])).toEqual([
      ['debug', 'memory'],
      ['debug', 'none'],
    ])
    const started = bangui.lines.filter((line) => line['event'] === 'stage_started')
    expect(started.map(({ stage, durationMs }) => [typeof stage, typeof durationMs])).toEqual(
      started.map(() => ['string', 'number']),
    )
    expect(started.length).toBeGreaterThan(7)
    for (const { time, event, msg } of bangui.lines) {
      expect(time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
      expect([event, msg]).toEqual([expect.stringMatching(/^[a-z0-9_]+$/), expect.any(String)])
    }
  })

  const scheduledIntervals = (lines: readonly Record<string, unknown>[]) =>
    lines
      .filter((line) => line['event'] === 'health_check_scheduled' && line['level'] === 'info')
      .map((line) => line['intervalSeconds'])
})

describe('a setting', () => {
  it('of the interval is followed without a restart: the probes come faster', async () => {
    await using bangui = await startBangui({ ...environment, BANGUI_PROBE_INTERVAL_SECONDS: '3600' })
    const { api } = await signIn(bangui.url)
    const lastRun = async () =>
      (await api.server.jobs.query()).find((job) => job.name === 'health_check')?.lastRun
    // the first one, of the start
    await eventually(async () =>
      expect(await lastRun()).toMatchObject({ ok: true, durationMs: expect.any(Number) }),
    )
    await api.settings.update.mutate({ probeIntervalSeconds: 1 })
    const { startedAt } = (await lastRun()) ?? { startedAt: 0 }
    await eventually(async () => expect((await lastRun())?.startedAt).toBeGreaterThan(startedAt))
  })
})

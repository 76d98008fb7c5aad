import { createPrivateDaemon } from '@bangui/fail2ban'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { signIn, unattended, watchLive } from './api-client.ts'
import { bundled, runBangui, startBangui } from './bangui-process.ts'
import { environmentOf } from './daemon-environment.ts'

let folder: string
let environment: Record<string, string>

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bangui-'))
  environment = {
    BANGUI_DATA_DIR: join(folder, 'data'),
    BANGUI_FAIL2BAN_SOCKET: join(folder, 'absent.sock'),
    BANGUI_LOG_LEVEL: 'debug',
    ...unattended,
  }
})

afterEach(() => rm(folder, { recursive: true, force: true }))

const stages = (lines: readonly Record<string, unknown>[], event: string) =>
  lines.filter((line) => line['event'] === event).map((line) => line['stage'])

describe('the start', () => {
  it('goes stage by stage, without a daemon too, and says where it listens', async () => {
    await using bangui = await startBangui(environment)
    expect(stages(bangui.lines, 'stage_started')).toEqual([
      'database',
      'executor lock',
      'migrations',
      'archive',
      'settings',
      'state',
      'geo',
      'alerts',
      'daemon connection',
      'scheduler and jobs',
      'setup',
      'HTTP',
      'setup link',
    ])
    expect(bangui.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
    const { api } = await signIn(bangui.url)
    await expect
      .poll(() => api.server.status.query())
      .toMatchObject({
        online: false,
        reason: 'socket_missing',
        message: expect.stringContaining('absent.sock'),
      })
  })

  it('is undone in reverse when a stage fails, with one sentence and no stack', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as { port: number }
    const ended = await runBangui({ ...environment, BANGUI_PORT: String(port) })
    other.close()
    expect(ended.code).toBe(1)
    expect(ended.output).toContain(`Port ${port} on 127.0.0.1 is in use`)
    expect(ended.output).toContain('BANGUI_PORT')
    expect(stages(ended.lines, 'stage_stopped').at(-1)).toBe('database')
    expect(ended.output.split('BanGUI did not start')[1]).not.toMatch(/\n\s+at /)
  })

  it('is refused with the names of all bad settings', async () => {
    const ended = await runBangui({
      ...environment,
      BANGUI_PROBE_INTERVAL_SECONDS: 'often',
      BANGUI_PROT: '80',
    })
    expect(ended.code).toBeGreaterThan(0)
    expect(ended.output).toMatch(/BANGUI_PROBE_INTERVAL_SECONDS.*often/)
    expect(ended.output).toMatch(/BANGUI_PROT.*BANGUI_PORT/)
  })

  it.each<[string, Record<string, string>, RegExp]>([
    ['more than one worker', { BANGUI_WORKERS: '2' }, /BANGUI_WORKERS is "2"\. Expected 1:/],
    ['a database of another kind', { BANGUI_DATABASE_URL: 'postgres://db/x' }, /Expected sqlite:PATH/],
    [
      'a data folder that cannot be made',
      { BANGUI_DATA_DIR: '/proc/x' },
      /data folder \/proc\/x.*BANGUI_DATA_DIR/,
    ],
    ['a data folder that is a file', { BANGUI_DATA_DIR: '/etc/hostname' }, /\/etc\/hostname/],
    [
      'a file that is no database',
      { BANGUI_DATABASE_URL: 'sqlite:/etc/hostname' },
      /not a database of BanGUI/,
    ],
    [
      'an address that the machine lacks',
      { BANGUI_HOST: '203.0.113.7' },
      /no address 203\.0\.113\.7.*BANGUI_HOST/,
    ],
    ['a host name that nobody knows', { BANGUI_HOST: 'nosuch.invalid' }, /nosuch\.invalid.*BANGUI_HOST/],
  ])('ends with 2, so that no supervisor tries again, because of %s', async (_, env, message) => {
    const ended = await runBangui({ ...environment, ...env })
    expect(ended.output).toMatch(message)
    expect(ended.output).not.toMatch(/Postgres/i)
    expect(ended.code).toBe(2)
  })

  it('ends with 2 because of an option that there is not, in one sentence', async () => {
    const ended = await runBangui(environment, { args: ['--no-dmo'] })
    expect(ended.output).toBe(
      'BanGUI did not start:\n  There is no option --no-dmo. Did you mean --no-demo? Settings such as the port are BANGUI_ variables.\n',
    )
    expect(ended.code).toBe(2)
  })

  it('ends with 2 where too few files may be open, and says how to raise that', async () => {
    const limited = ['/bin/sh', '-c', 'ulimit -n 40; exec "$@"', 'sh', ...bundled] as const
    const ended = await runBangui(environment, { program: limited })
    expect(ended.output).toMatch(/only 40 files open.*ulimit -n 1024.*LimitNOFILE/)
    expect(ended.code).toBe(2)
  })
})

describe('a second BanGUI on the same database', () => {
  it('is refused with the holder of the lock, and the first goes on', async () => {
    await using first = await startBangui(environment)
    const second = await runBangui(environment)
    expect(second.code).toBe(1)
    expect(second.output).toContain(`process ${first.pid}`)
    expect(second.lines).toContainEqual(
      expect.objectContaining({ event: 'executor_lock_refused', level: 'error', pid: first.pid }),
    )
    const { api } = await signIn(first.url)
    expect(await api.server.executor.query()).toMatchObject({ pid: first.pid, thisProcess: true })
  })

  it('takes over at once after kill -9, and after a clean shutdown', async () => {
    for (const signal of ['SIGKILL', 'SIGTERM', 'SIGTERM'] as const) {
      await using bangui = await startBangui(environment)
      await bangui.kill(signal)
    }
    await using last = await startBangui(environment)
    expect(last.lines.some((line) => line['event'] === 'listening')).toBe(true)
  })
})

describe('the shutdown', () => {
  it('ends with 0 on SIGTERM, even twice within a millisecond, and with a stream open', async () => {
    await using daemon = await createPrivateDaemon({ jails: [{ name: 'sshd' }] })
    await daemon.start()
    await using bangui = await startBangui({
      ...environmentOf(daemon),
      ...unattended,
      BANGUI_LOG_LEVEL: 'debug',
    })
    const { api } = await signIn(bangui.url)
    using live = watchLive(api)
    await live.until((message) => message.type === 'snapshot')
    // the threads that read the archive and fail2ban's database are idle then
    await api.bans.list.query({})
    await api.history.list.query({ source: 'archive' })
    await api.history.list.query({ source: 'live' })
    await api.stats.overview.query({ range: '24h' })
    process.kill(bangui.pid, 'SIGTERM')
    expect(await bangui.kill('SIGTERM')).toBe(0)
    expect(stages(bangui.lines, 'stage_stopped')).toEqual([
      'setup link',
      'HTTP',
      'setup',
      'scheduler and jobs',
      'daemon connection',
      'alerts',
      'geo',
      'state',
      'settings',
      'archive',
      'migrations',
      'executor lock',
      'database',
    ])
    expect(await daemon.pid()).toBeDefined()
  })
})

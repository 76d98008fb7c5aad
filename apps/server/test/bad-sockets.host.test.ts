import { createSimulator, type SimulatorFault } from '@bangui/fail2ban'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { signIn, unattended, watchLive } from './api-client.ts'
import { startBangui } from './bangui-process.ts'
import { eventually } from './eventually.ts'
import { latestRuntime } from './latest-runtime.ts'

const NOBODY = 65_534

let folder: string
let socketPath: string
let environment: Record<string, string>

beforeEach(async () => {
  folder = await mkdtemp('/tmp/bangui-')
  await chmod(folder, 0o777)
  socketPath = join(folder, 'f2b.sock')
  environment = {
    BANGUI_DATA_DIR: join(folder, 'data'),
    BANGUI_FAIL2BAN_SOCKET: socketPath,
    BANGUI_FAIL2BAN_CONFIG_DIR: join(folder, 'config'),
    ...unattended,
  }
})

afterEach(() => rm(folder, { recursive: true, force: true }))

/** A BanGUI of its own that watches the socket. */
async function watch(options: { uid?: number } = {}) {
  const stack = new AsyncDisposableStack()
  const bangui = stack.use(await startBangui(environment, options))
  const { api } = await signIn(bangui.url)
  const live = stack.use(watchLive(api))
  return {
    api,
    bangui,
    status: () => latestRuntime(live)?.serverStatus,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

const simulate = () => createSimulator({ socketPath, jails: [{ name: 'sshd' }] })

describe('a socket', () => {
  it('that is missing, refuses, is a plain file, and then works is shown as each of these, without a restart', async () => {
    await using at = await watch()
    await eventually(() =>
      expect(at.status()).toMatchObject({
        online: false,
        reason: 'socket_missing',
        message: expect.stringContaining(socketPath),
      }),
    )
    await writeFile(socketPath, 'no socket')
    await eventually(() =>
      expect(at.status()).toMatchObject({
        online: false,
        reason: expect.stringMatching(/refused|protocol_error/),
      }),
    )
    expect(at.status()?.message).toContain(socketPath)
    await rm(socketPath)
    await using simulator = await simulate()
    await eventually(() => expect(at.status()).toMatchObject({ online: true, reason: null, message: null }))
    await simulator.kill()
    await eventually(() =>
      expect(at.status()).toMatchObject({
        online: false,
        reason: 'refused',
        message: expect.stringContaining(socketPath),
      }),
    )
    await simulator.start()
    await eventually(() => expect(at.status()).toMatchObject({ online: true }))
  })

  it('that belongs to somebody else names its path, our user, and what to do', async () => {
    const closed = join(folder, 'closed')
    await mkdir(closed)
    socketPath = join(closed, 'f2b.sock')
    environment['BANGUI_FAIL2BAN_SOCKET'] = socketPath
    await using _simulator = await simulate()
    await chmod(socketPath, 0o000)
    await using at = await watch(process.getuid?.() === 0 ? { uid: NOBODY } : {})
    await eventually(() => expect(at.status()).toMatchObject({ online: false, reason: 'permission_denied' }))
    expect(at.status()?.message).toMatch(/f2b\.sock/)
    if (process.getuid?.() === 0) expect(at.status()?.message).toMatch(/nobody|65534/)
  })
})

describe('a daemon that misbehaves', () => {
  it('is shown by its kind, never ends the server, and is well again afterwards', async () => {
    await using simulator = await simulate()
    await using at = await watch()
    await eventually(() => expect(at.status()).toMatchObject({ online: true, responding: true }))
    const faults: [SimulatorFault['kind'] & ('garbage' | 'error_text' | 'cut'), object][] = [
      ['garbage', { online: false, reason: 'protocol_error' }],
      ['error_text', { online: false, reason: 'protocol_error' }],
      ['cut', { online: false, reason: expect.stringMatching(/refused|protocol_error/) }],
    ]
    for (const [kind, expected] of faults) {
      simulator.setFault({ kind })
      await eventually(() => expect(at.status()).toMatchObject(expected))
      expect(at.status()?.message).toMatch(/fail2ban/)
      simulator.setFault(null)
      await eventually(() => expect(at.status()).toMatchObject({ online: true, responding: true }))
    }
  })

  it('by hanging in the middle of a reply is silent, not offline, and goes on where it was', async () => {
    await using simulator = await simulate()
    await using at = await watch()
    await eventually(() => expect(at.status()).toMatchObject({ online: true, responding: true }))
    simulator.setFault({ kind: 'hang_mid_reply' })
    await eventually(() => expect(at.status()).toMatchObject({ online: true, responding: false }))
    simulator.setFault(null)
    await eventually(() => expect(at.status()).toMatchObject({ online: true, responding: true }))
    expect(at.bangui.lines.map((line) => line['event'])).not.toContain('fail2ban_went_offline')
  })

  it('by restarting within a moment is offline and then online, in the log too', async () => {
    await using simulator = await simulate()
    await using at = await watch()
    await eventually(() => expect(at.status()).toMatchObject({ online: true }))
    await simulator.restart()
    const transitions = () =>
      at.bangui.lines.map((line) => line['event']).filter((event) => /_(on|off)line$/.test(String(event)))
    await eventually(() =>
      expect(transitions()).toEqual([
        'fail2ban_came_online',
        'fail2ban_went_offline',
        'fail2ban_came_online',
      ]),
    )
  })
})

describe('a socket that nobody of fail2ban listens on', () => {
  it('is a protocol error in plain words', async () => {
    const web = createServer((connection) =>
      connection
        .on('error', () => undefined)
        .resume()
        .end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    )
    await new Promise<void>((resolve) => web.listen(socketPath, resolve))
    await using at = await watch()
    await eventually(() => expect(at.status()).toMatchObject({ online: false, reason: 'protocol_error' }))
    expect(at.status()?.message).toContain('does not speak its protocol')
    web.close()
  })
})

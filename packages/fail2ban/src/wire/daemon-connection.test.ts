import { spawn } from 'node:child_process'
import { chmod, rm, writeFile } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { makeFolder, withSimulator } from '../../test/with-simulator.ts'
import { writePickle } from '../../test/write-pickle.ts'
import { Fail2banCommandError, Fail2banUnavailableError, OutcomeUnknownError } from '../errors.ts'
import { createDaemonConnection } from './daemon-connection.ts'
import { CommandError, frameEnd } from './encode-command.ts'

const unavailable = (reason: string, message = expect.any(String) as string) =>
  expect.objectContaining({
    name: 'Fail2banUnavailableError',
    message,
    params: expect.objectContaining({ reason }),
  })

const folderFor = async () => {
  const folder = await makeFolder()
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

/** What answers every request with the same bytes, and a connection to it. */
const startReplier = async (reply: () => Buffer) => {
  const socketPath = join(await folderFor(), 's')
  let requests = 0
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', () => {
      requests++
      socket.write(Buffer.concat([reply(), frameEnd]))
    })
  })
  await new Promise<void>((resolve) => server.listen(socketPath, resolve))
  const connection = createDaemonConnection({ socketPath })
  onTestFinished(async () => {
    await connection.close()
    await new Promise((resolve) => server.close(resolve))
  })
  return { connection, requests: () => requests }
}

describe('createDaemonConnection', () => {
  test('connects when first asked, and answers many requests in their order', async () => {
    await using host = await withSimulator()
    expect(host.connection.connected).toBe(false)
    const replies = Array.from({ length: 500 }, (_, n) => host.connection.request(['echo', String(n)]))
    expect(await Promise.all(replies)).toEqual(Array.from({ length: 500 }, (_, n) => [String(n)]))
    expect(host.connection.connected).toBe(true)
  })

  test("gives the daemon's exception with its class and its words, without control characters", async () => {
    await using host = await withSimulator()
    const error = await host.connection
      .request(['status', 'no\u001b[31mpe\u202e'])
      .catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(Fail2banCommandError)
    expect(error).toMatchObject({
      params: expect.objectContaining({ className: 'fail2ban.exceptions.UnknownJailException' }),
      message: 'nope',
    })
  })

  test('sends no argument that would cut the frame', async () => {
    await using host = await withSimulator()
    await expect(host.connection.request(['echo', '<F2B_END_COMMAND>'])).rejects.toThrow(CommandError)
    expect(await host.connection.request(['ping'])).toBe('pong')
  })

  test('reads 200,000 bans', async () => {
    await using host = await withSimulator()
    host.simulator.fillBans('sshd', 200_000)
    const bans = (await host.connection.request(['get', 'sshd', 'banned'], { deadline: 20_000 })) as string[]
    expect(bans).toHaveLength(200_000)
    expect(bans[199_999]).toBe('10.3.13.63')
  })

  test('says goodbye on close and refuses what comes after', async () => {
    await using host = await withSimulator()
    await host.connection.request(['ping'])
    await host.connection.close()
    expect(host.connection.connected).toBe(false)
    await expect(host.connection.request(['ping'])).rejects.toEqual(unavailable('refused'))
    expect(host.events).toEqual([])
  })
})

describe('createDaemonConnection, a socket that cannot be used', () => {
  const ask = async (socketPath: string) => {
    const connection = createDaemonConnection({ socketPath })
    onTestFinished(() => connection.close())
    return connection.request(['ping']).catch((error: unknown) => error)
  }

  test('says that the socket is missing, and where', async () => {
    const path = join(await folderFor(), 'none.sock')
    expect(await ask(path)).toEqual(unavailable('socket_missing', expect.stringContaining(path)))
  })

  test('says that nothing answers at a socket that a killed daemon left', async () => {
    await using host = await withSimulator()
    await host.simulator.kill()
    await expect(host.connection.request(['ping'])).rejects.toEqual(
      unavailable('refused', expect.stringContaining('no answer at')),
    )
  })

  test('says that a plain file is no socket', async () => {
    const path = join(await folderFor(), 'plain')
    await writeFile(path, '')
    expect(await ask(path)).toEqual(unavailable('refused', expect.stringContaining('is not a socket')))
  })

  test('says that a path is too long for a socket', async () => {
    expect(await ask(`/tmp/${'x'.repeat(200)}`)).toEqual(
      unavailable('refused', expect.stringContaining('too long')),
    )
  })

  test('says which user may not open which path, and what to do', async () => {
    await using host = await withSimulator()
    await chmod(host.socketPath, 0o600)
    await chmod(join(host.socketPath, '..'), 0o711)
    const { seteuid, geteuid } = process
    // only root can become somebody else to try this
    if (!seteuid || geteuid?.() !== 0) return
    seteuid.call(process, 65_534)
    try {
      await expect(host.connection.request(['ping'])).rejects.toEqual(
        unavailable(
          'permission_denied',
          expect.stringMatching(/BanGUI runs as .* may not open .*s\.sock.*root/),
        ),
      )
    } finally {
      seteuid.call(process, 0)
    }
  })
})

describe('createDaemonConnection, deadlines', () => {
  test('keeps the connection when a deadline passes, discards the late reply, and emits that it came', async () => {
    await using host = await withSimulator()
    await host.connection.request(['ping'])
    host.simulator.setFault({ kind: 'hang' })
    await expect(host.connection.request(['echo', 'late'], { deadline: 50 })).rejects.toEqual(
      unavailable('timeout'),
    )
    expect(host.connection.connected).toBe(true)
    const next = host.connection.request(['echo', 'next'], { deadline: 5000 })
    host.simulator.setFault(null)
    expect(await next).toEqual(['next'])
    expect(host.events).toEqual(['answered'])
  })

  test('sends nothing while an overdue reply is awaited, and drops what waited too long', async () => {
    await using host = await withSimulator()
    host.simulator.setFault({ kind: 'hang' })
    await expect(host.connection.request(['echo', 'first'], { deadline: 30 })).rejects.toEqual(
      unavailable('timeout'),
    )
    const dropped = host.connection.request(['set', 'sshd', 'banip', '192.0.2.1'], {
      deadline: 30,
      write: true,
    })
    await expect(dropped).rejects.toEqual(unavailable('timeout', expect.stringContaining('dropped')))
    host.simulator.setFault(null)
    expect(await host.connection.request(['ping'])).toBe('pong')
    expect(host.simulator.listBans('sshd')).toEqual([])
    expect(host.simulator.commandCounts.get('set')).toBeUndefined()
  })

  test('does not know what became of a write that was sent and not answered in time', async () => {
    await using host = await withSimulator()
    host.simulator.setFault({ kind: 'hang' })
    const write = host.connection.request(['set', 'sshd', 'banip', '192.0.2.1'], {
      deadline: 30,
      write: true,
    })
    await expect(write).rejects.toThrow(OutcomeUnknownError)
    host.simulator.setFault(null)
    await vi.waitFor(() => expect(host.simulator.listBans('sshd')).toHaveLength(1))
    expect(host.simulator.commandCounts.get('set')).toBe(1)
  })

  test.each([
    { asked: 'a b w1 c w2 d', sent: 'a b w1 c', rule: 'one write, while reads follow each other' },
    { asked: 'b1 a b2 b3 c', sent: 'b1 a b2', rule: 'two batches' },
    { asked: 'b1 w1 a', sent: 'b1', rule: 'no write behind a batch' },
    { asked: 'w1 b1 a', sent: 'w1', rule: 'no batch behind another write' },
  ])('has at most $rule under way', async ({ asked, sent }) => {
    const seen: Buffer[] = []
    const folder = await folderFor()
    const server = createServer((socket) =>
      socket.on('error', () => undefined).on('data', (chunk) => seen.push(chunk)),
    )
    await new Promise<void>((resolve) => server.listen(join(folder, 's'), resolve))
    const connection = createDaemonConnection({ socketPath: join(folder, 's') })
    const kinds: Record<string, boolean | 'batch'> = { w: true, b: 'batch' }
    const all = asked.split(' ').map((name) => {
      const write = name.length > 1 && kinds[name.charAt(0)]
      return connection.request([name], { deadline: 300, ...(write && { write }) }).catch(() => undefined)
    })
    await Promise.all(all)
    const text = Buffer.concat(seen).toString('latin1')
    expect([...text.matchAll(/X....(\w+)e\./gs)].map((match) => match[1])).toEqual(sent.split(' '))
    await connection.close()
    await new Promise((resolve) => server.close(resolve))
  })

  test('gives a batch its whole time from when the one before it is answered', async () => {
    await using host = await withSimulator()
    host.simulator.setFault({ kind: 'slow', milliseconds: 400 })
    const ban = (address: string) =>
      host.connection.request(['set', 'sshd', 'banip', address], { deadline: 700, write: 'batch' })
    expect(await Promise.all([ban('192.0.2.1'), ban('192.0.2.2')])).toEqual([1, 1])
  })

  test('gives up a connection that is silent for too long, and tries a new one at the next request', async () => {
    await using host = await withSimulator({}, { silenceLimit: 100 })
    host.simulator.setFault({ kind: 'hang_mid_reply' })
    await expect(host.connection.request(['ping'], { deadline: 30 })).rejects.toEqual(unavailable('timeout'))
    expect(host.connection.connected).toBe(true)
    await vi.waitFor(() => expect(host.connection.connected).toBe(false))
    // a new connection to a daemon that still hangs is no sign of life
    await expect(host.connection.request(['ping'], { deadline: 50 })).rejects.toEqual(unavailable('timeout'))
    expect(host.connection.connected).toBe(false)
    host.simulator.setFault(null)
    await vi.waitFor(async () =>
      expect(await host.connection.request(['ping'], { deadline: 500 })).toBe('pong'),
    )
    expect(host.connection.connected).toBe(true)
    expect(host.events).not.toContain('closed')
  })

  test('waits for a slow reply within the deadline', async () => {
    await using host = await withSimulator()
    host.simulator.setFault({ kind: 'slow', milliseconds: 60 })
    expect(await host.connection.request(['ping'])).toBe('pong')
  })

  test('counts a daemon without room in its backlog as busy, and gets through when there is', async () => {
    const folder = await folderFor()
    const path = join(folder, 's')
    // a listener of another process that accepts nothing until told to
    const listener = await startDeafListener(path)
    onTestFinished(() => listener.stop())
    const fillers: Socket[] = await listener.fillBacklog()
    onTestFinished(() => fillers.forEach((socket) => socket.destroy()))
    const connection = createDaemonConnection({ socketPath: path })
    onTestFinished(() => connection.close())
    await expect(connection.request(['ping'], { deadline: 200 })).rejects.toEqual(unavailable('timeout'))
    expect(connection.connected).toBe(false)
    const late = connection.request(['ping'], { deadline: 5000 })
    listener.accept()
    expect(await late).toBe('pong')
  })
})

describe('createDaemonConnection, a daemon that goes wrong', () => {
  test('emits at once that the daemon closed, and connects again when it is back', async () => {
    await using host = await withSimulator()
    await host.connection.request(['ping'])
    await host.simulator.kill()
    await vi.waitFor(() => expect(host.events).toEqual(['closed']), { timeout: 500 })
    expect(host.connection.connected).toBe(false)
    await expect(host.connection.request(['ping'])).rejects.toEqual(unavailable('refused'))
    await host.simulator.start()
    expect(await host.connection.request(['ping'], { deadline: 1000 })).toBe('pong')
  })

  test('fails reads and does not know about writes when the connection closes under them', async () => {
    await using host = await withSimulator()
    await host.connection.request(['ping'])
    host.simulator.setFault({ kind: 'hang' })
    const write = host.connection
      .request(['set', 'sshd', 'banip', '192.0.2.1'], { write: true })
      .catch((e: unknown) => e)
    const read = host.connection.request(['status']).catch((e: unknown) => e)
    await vi.waitFor(() => expect(host.connection.connected).toBe(true))
    await new Promise((resolve) => setImmediate(resolve))
    await host.simulator.kill()
    expect(await write).toBeInstanceOf(OutcomeUnknownError)
    expect(await read).toEqual(unavailable('refused', 'fail2ban closed the connection.'))
    await host.simulator.start()
    expect(await host.connection.request(['ping'], { deadline: 1000 })).toBe('pong')
    // what was written is never sent again
    expect(host.simulator.commandCounts.get('set') ?? 0).toBe(0)
  })

  test('sends what was not sent yet over the next connection', async () => {
    await using host = await withSimulator()
    host.simulator.setFault({ kind: 'hang' })
    await expect(host.connection.request(['ping'], { deadline: 20 })).rejects.toEqual(unavailable('timeout'))
    const waiting = host.connection.request(['echo', 'x'], { deadline: 5000 })
    host.simulator.dropConnections()
    host.simulator.setFault(null)
    expect(await waiting).toEqual(['x'])
  })

  test('does not take half a reply for a reply', async () => {
    await using host = await withSimulator()
    host.simulator.setFault({ kind: 'cut' })
    await expect(host.connection.request(['status', 'sshd'])).rejects.toEqual(unavailable('refused'))
    host.simulator.setFault(null)
    expect(await host.connection.request(['ping'])).toBe('pong')
  })

  test('drops a connection that sends garbage, without an alarm that the daemon ended', async () => {
    await using host = await withSimulator()
    host.simulator.setFault({ kind: 'garbage' })
    await expect(host.connection.request(['ping'])).rejects.toEqual(unavailable('protocol_error'))
    await expect(host.connection.request(['stop', 'web'], { write: true })).rejects.toThrow(
      OutcomeUnknownError,
    )
    expect(host.connection.connected).toBe(false)
    host.simulator.setFault(null)
    await vi.waitFor(async () => expect(await host.connection.request(['ping'])).toBe('pong'))
    expect(host.events).toEqual([])
  })

  test('leaves whoever sends garbage again and again alone for a while, and says meanwhile what it sent', async () => {
    const host = await startReplier(() => Buffer.from('HTTP/1.1 400 Bad Request'))
    for (let request = 0; request < 50; request++)
      await expect(host.connection.request(['ping'])).rejects.toEqual(unavailable('protocol_error'))
    expect(host.requests()).toBeLessThan(10)
    await expect(host.connection.request(['stop', 'web'], { write: true })).rejects.toThrow(
      Fail2banUnavailableError,
    )
  })

  test('asks again at once after one reply that was none', async () => {
    let requests = 0
    const pong = writePickle([0, 'pong'], 4)
    const host = await startReplier(() => (requests++ % 2 === 0 ? Buffer.from('?') : pong))
    for (let request = 0; request < 4; request++) {
      await expect(host.connection.request(['ping'])).rejects.toEqual(unavailable('protocol_error'))
      expect(await host.connection.request(['ping'])).toBe('pong')
    }
  })

  test('refuses a reply with more in it than its command can be answered', async () => {
    const lists = Buffer.concat([Buffer.from('80044b005d28', 'hex'), Buffer.alloc(200_000, 0x5d)])
    const end = Buffer.from('65862e', 'hex')
    const host = await startReplier(() => Buffer.concat([lists, end]))
    await expect(host.connection.request(['version'])).rejects.toEqual(
      unavailable('protocol_error', expect.stringContaining('more values than')),
    )
    await expect(host.connection.request(['status', 'sshd'])).rejects.toEqual(
      unavailable('protocol_error', expect.stringContaining('more values than')),
    )
  })

  test('reads a bare ERROR text as an error and keeps the connection', async () => {
    await using host = await withSimulator()
    host.simulator.setFault({ kind: 'error_text' })
    await expect(host.connection.request(['ping'])).rejects.toEqual(
      unavailable('protocol_error', expect.stringContaining('ERROR: simulated')),
    )
    await expect(host.connection.request(['stop', 'web'], { write: true })).rejects.toThrow(
      OutcomeUnknownError,
    )
    expect(host.connection.connected).toBe(true)
  })

  test('says that a daemon is shutting down, and that a write did not happen', async () => {
    await using host = await withSimulator()
    host.simulator.setFault({ kind: 'shutdown' })
    await expect(host.connection.request(['stop', 'web'], { write: true })).rejects.toThrow(
      Fail2banUnavailableError,
    )
  })

  test('refuses a reply beyond its bound', async () => {
    await using host = await withSimulator({}, { maxReplyBytes: 10_000 })
    host.simulator.fillBans('sshd', 2000)
    await expect(host.connection.request(['status', 'sshd'])).rejects.toEqual(unavailable('protocol_error'))
    expect(await host.connection.request(['ping'])).toBe('pong')
  })

  test('does not let a daemon that closes at once make its listeners run in a circle', async () => {
    const folder = await folderFor()
    const server = createServer((socket) =>
      socket.on('error', () => undefined).on('data', () => socket.destroy()),
    )
    await new Promise<void>((resolve) => server.listen(join(folder, 's'), resolve))
    const connection = createDaemonConnection({ socketPath: join(folder, 's') })
    const from = performance.now()
    let closed = 0
    connection.onConnectionEvent(() => {
      closed++
      connection.request(['ping']).catch(() => undefined)
    })
    connection.request(['ping']).catch(() => undefined)
    await vi.waitFor(() => expect(closed).toBeGreaterThanOrEqual(3), { timeout: 3000 })
    expect(performance.now() - from).toBeGreaterThan(400)
    await connection.close()
    await new Promise((resolve) => server.close(resolve))
  })
})

/** A listening socket with a backlog of one that accepts nothing until told to, then answers every request with pong. */
const startDeafListener = async (path: string) => {
  const script = `
import socket, sys
s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(1)
print('ready', flush=True); sys.stdin.readline()
import threading
def serve(c):
    while c.recv(65536): c.sendall(b'\\x80\\x02K\\x00X\\x04\\x00\\x00\\x00pong\\x86.<F2B_END_COMMAND>')
while True:
    c, _ = s.accept(); threading.Thread(target=serve, args=(c,), daemon=True).start()
`
  const child = spawn('python3', ['-c', script, path], { stdio: ['pipe', 'pipe', 'inherit'] })
  await new Promise((resolve) => child.stdout.once('data', resolve))
  const tryConnect = () =>
    new Promise<Socket | null>((resolve) => {
      const socket = connect(path)
      // also when the listener is killed
      socket.once('connect', () => resolve(socket)).on('error', () => resolve(null))
    })
  return {
    accept: () => void child.stdin.write('go\n'),
    stop: () => void child.kill('SIGKILL'),
    fillBacklog: async () => {
      const sockets: Socket[] = []
      for (let socket = await tryConnect(); socket; socket = await tryConnect()) sockets.push(socket)
      return sockets
    },
  }
}

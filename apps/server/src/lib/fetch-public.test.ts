import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { inspect } from 'node:util'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { bytesText, FetchError } from './fetch-error.ts'
import { fetchPublic, type FetchRequest, type FetchRules } from './fetch-public.ts'
import type { Resolve } from './reach.ts'

type Reply = (response: ServerResponse, request: IncomingMessage) => void

const ok: Reply = (response) => void response.end('hello')
let reply: Reply = ok
let seen: IncomingMessage[] = []
let server: Server
let port = 0

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push(request)
    response.on('error', () => undefined)
    reply(response, request)
  }).listen(0, '127.0.0.1')
  server.on('connection', (socket: Socket) => socket.on('error', () => undefined))
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})

afterEach(() => {
  reply = ok
  seen = []
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const get = (path: string, over: Partial<FetchRequest> = {}, rules: Partial<FetchRules> = {}) =>
  fetchPublic(
    {
      url: path.startsWith('/') ? `http://127.0.0.1:${port}${path}` : path,
      maxBytes: 1_000,
      timeoutMs: 60_000,
      maxRedirects: 3,
      ...over,
    },
    { allowPrivate: true, ...rules },
  )

const read = async (...parameters: Parameters<typeof get>) => (await get(...parameters)).text()

/** Returns a port at which nothing listens. */
async function freePort(): Promise<number> {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port: free } = other.address() as AddressInfo
  await new Promise((resolve) => other.close(resolve))
  return free
}

const failure = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => 'no error',
    (thrown: unknown) => thrown,
  )
  return error instanceof FetchError ? [error.code, error.message] : error
}

describe('an answer', () => {
  it('has its status, headers, address and body', async () => {
    reply = (response) =>
      void response.writeHead(404, { etag: '"a"', 'set-cookie': ['a=1', 'b=2'] }).end('gone')
    const answer = await get('/list?x=1')
    expect(answer).toMatchObject({ status: 404, url: `http://127.0.0.1:${port}/list?x=1` })
    expect(answer.headers).toMatchObject({ etag: '"a"', 'set-cookie': 'a=1, b=2' })
    expect(await answer.text()).toBe('gone')
  })

  it('comes after the request with its method, headers and body', async () => {
    let body = ''
    reply = (response, request) => {
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
      request.on('end', () => response.end('ok'))
    }
    await read('/', { method: 'POST', headers: { 'x-key': 'k' }, body: 'größe' })
    expect(body).toBe('größe')
    expect(seen[0]).toMatchObject({ method: 'POST', headers: { 'x-key': 'k', 'content-length': '7' } })
  })

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ])('is unpacked: %s', async (encoding, pack) => {
    reply = (response) => void response.writeHead(200, { 'content-encoding': encoding }).end(pack('hello'))
    expect(await read('/')).toBe('hello')
  })

  it('can be left unread', async () => {
    const closed = Promise.withResolvers<void>()
    reply = (response) => {
      response.on('close', closed.resolve)
      response.write('hello')
    }
    const answer = await get('/')
    answer.close()
    await expect(closed.promise).resolves.toBeUndefined()
  })
})

describe('a large answer', () => {
  it.each<[string, Reply]>([
    ['says so', (response) => void response.writeHead(200, { 'content-length': 1_001 }).write('x')],
    ['comes in chunks', (response) => void response.end('x'.repeat(1_001))],
    [
      'is small when packed',
      (response) =>
        void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(5_000_000))),
    ],
    [
      'never ends',
      (response) => {
        const more = () => {
          while (response.write('x'.repeat(100)));
        }
        response.on('drain', more)
        more()
      },
    ],
  ])('is refused when it %s', async (_what, faulty) => {
    reply = faulty
    expect(await failure(read('/'))).toEqual([
      'too_large',
      `The answer of 127.0.0.1:${port} is larger than 1,000 bytes.`,
    ])
  })
})

describe('a faulty answer', () => {
  it('that is shorter than it says is an error', async () => {
    reply = (response) => {
      response.writeHead(200, { 'content-length': 500 })
      response.write('x', () => response.socket?.destroy())
    }
    expect(await failure(read('/'))).toEqual([
      'failed',
      expect.stringContaining('before the end of its answer'),
    ])
  })

  it('that is longer than it says ends where it says', async () => {
    reply = (response) =>
      void response.socket?.end(
        'HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello, world',
      )
    expect(await read('/')).toBe('hello')
  })

  it.each([
    ['damaged', Buffer.from('this is not packed'), 'damaged'],
    ['cut off', gzipSync('hello').subarray(0, 12), 'ends too early'],
  ])('that is packed and %s is an error', async (_what, bytes, words) => {
    reply = (response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(bytes)
    expect(await failure(read('/'))).toEqual(['failed', expect.stringContaining(words)])
  })

  it('in an encoding that nobody asked for is an error', async () => {
    reply = (response) => void response.writeHead(200, { 'content-encoding': 'zstd' }).end('x')
    expect(await failure(read('/'))).toEqual(['failed', expect.stringContaining('"zstd"')])
  })

  it('that is no HTTP is an error', async () => {
    reply = (response) => void response.socket?.end('220 mail.example.org ESMTP\r\n')
    expect(await failure(read('/'))).toEqual(['failed', expect.stringContaining('could not be fetched')])
  })

  it('that never begins, or comes as a drip, ends with the time', async () => {
    reply = () => undefined
    expect(await failure(read('/', { timeoutMs: 30 }))).toEqual([
      'timeout',
      `127.0.0.1:${port} did not send everything within 1 s.`,
    ])
    reply = (response) => {
      const drip = () => void (response.destroyed || response.write('x', () => setImmediate(drip)))
      drip()
    }
    expect(await failure(read('/', { timeoutMs: 200, maxBytes: 1e9 }))).toEqual([
      'timeout',
      expect.any(String),
    ])
  })

  it('is no error where nobody waits any more', async () => {
    const reason = new Error('cancelled')
    reply = () => undefined
    expect(await failure(read('/', { signal: AbortSignal.abort(reason) }))).toBe(reason)
    const waiting = new AbortController()
    reply = (response) => void response.write('x', () => waiting.abort(reason))
    expect(await failure(read('/', { signal: waiting.signal }))).toBe(reason)
  })
})

describe('a redirect', () => {
  const redirectTo = (location: string, status = 302): Reply => {
    return (response, request) =>
      void (request.url === '/'
        ? response.writeHead(status, { location }).end()
        : response.end(request.method))
  }

  it('is followed, and named in the answer', async () => {
    reply = redirectTo('/there')
    const answer = await get('/')
    expect([answer.url, await answer.text()]).toEqual([`http://127.0.0.1:${port}/there`, 'GET'])
  })

  it.each([
    [303, 'GET'],
    [302, 'GET'],
    [307, 'POST'],
  ])('with %i after a POST goes on as %s', async (status, method) => {
    reply = redirectTo('/there', status)
    expect(await read('/', { method: 'POST', body: 'x' })).toBe(method)
  })

  it('to another server does not take secrets along', async () => {
    reply = redirectTo(`http://localhost:${port}/there`)
    await read('/', { headers: { authorization: 'Basic x', 'x-key': 'k', accept: 'text/plain' } })
    expect(seen.map(({ headers }) => [headers.authorization, headers['x-key'], headers.accept])).toEqual([
      ['Basic x', 'k', 'text/plain'],
      [undefined, undefined, 'text/plain'],
    ])
  })

  it('is an error where it goes on for ever, or none is wanted', async () => {
    reply = (response) => void response.writeHead(302, { location: '/' }).end()
    expect(await failure(read('/'))).toEqual([
      'too_many_redirects',
      expect.stringContaining('more than 3 times'),
    ])
    expect(seen).toHaveLength(4)
    expect(await failure(read('/', { maxRedirects: 0 }))).toEqual(['too_many_redirects', expect.any(String)])
    expect(seen).toHaveLength(5)
  })

  it.each([
    ['file:///etc/passwd', 'scheme_refused'],
    ['ftp://example.org/', 'scheme_refused'],
    ['http://', 'failed'],
    ['http://169.254.169.254/latest/meta-data', 'address_refused'],
    ['http://[::ffff:127.0.0.1]/', 'address_refused'],
    ['http://0x7f.1/', 'address_refused'],
    ['http://127.0.0.1./', 'address_refused'],
    ['http://0177.0.0.01:1/', 'address_refused'],
    ['http://example.org@127.0.0.1:1/', 'address_refused'],
    ['http:\\\\127.0.0.1:1', 'address_refused'],
    ['http://[::ffff:7f00:1]/', 'address_refused'],
    ['http://[::7f00:1]/', 'address_refused'],
    ['http://[64:ff9b::7f00:1]/', 'address_refused'],
    ['http://[2002:7f00:1::]/', 'address_refused'],
    ['http://[fe80::1%25lo]/', 'failed'],
    ['http://[fc00::1]/', 'address_refused'],
    ['http://2130706433/', 'address_refused'],
    ['//localhost/', 'address_refused'],
  ])('to %s is refused', async (location, code) => {
    reply = redirectTo(location)
    const rules = { allowPrivate: [`127.0.0.1:${port}`] }
    expect(await failure(read('/', {}, rules))).toEqual([code, expect.any(String)])
    expect(seen).toHaveLength(1)
  })
})

describe('a private address', () => {
  it.each([
    '127.0.0.1',
    '127.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '2130706433',
    'localhost',
    '①②⑦.0.0.1',
    '%31%32%37.0.0.1',
    '１２７。０。０。１',
  ])('is not reached as %s unless that is allowed', async (host) => {
    expect(await failure(read(`http://${host}:${port}/`, {}, { allowPrivate: false }))).toEqual([
      'address_refused',
      expect.stringContaining('BANGUI_ALLOW_PRIVATE_URLS'),
    ])
    expect(seen).toEqual([])
  })

  it('is not reached by a name that was public when it was looked up first', async () => {
    let asked = 0
    const resolve: Resolve = (_name, _options, callback) => {
      asked += 1
      callback(null, [{ address: asked === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }])
    }
    const rules = { allowPrivate: [`127.0.0.1:${port}`], resolve }
    const url = `http://lists.example.org:${port}/`
    expect(await read(url, {}, rules)).toBe('hello')
    expect(await failure(read(url, {}, rules))).toEqual([
      'address_refused',
      'lists.example.org is 127.0.0.2, which is not a public address. Set BANGUI_ALLOW_PRIVATE_URLS if BanGUI is to reach it.',
    ])
    expect(seen).toHaveLength(1)
  })
})

/** A resolver that knows no name. */
const unknown: Resolve = (_name, _options, callback) => callback(new Error('ENOTFOUND'), [])

describe('a proxy', () => {
  const proxies = () => ({ http: `http://user:pass@127.0.0.1:${port}`, https: null, no: '' })
  const answering: Resolve = (_name, _options, callback) =>
    callback(null, [{ address: '10.0.0.1', family: 4 }])

  it('is asked for names that this machine does not know', async () => {
    const rules = { allowPrivate: false, proxies: proxies(), resolve: unknown } as const
    expect(await read('http://lists.example.org/all?x', {}, rules)).toBe('hello')
    expect(seen[0]).toMatchObject({
      url: 'http://lists.example.org/all?x',
      headers: { 'proxy-authorization': 'Basic dXNlcjpwYXNz' },
    })
  })

  it.each([
    ['http://10.0.0.1/', unknown],
    ['http://lists.example.org/', answering],
  ])('does not help to reach %s', async (url, resolve) => {
    const rules = { allowPrivate: false, proxies: proxies(), resolve } as const
    expect(await failure(read(url, {}, rules))).toEqual(['address_refused', expect.any(String)])
    expect(seen).toEqual([])
  })
})

describe('an error', () => {
  const secret = 'p4ss%20word'
  const shownAnywhere = (error: unknown) => inspect(error, { depth: 9 })

  it('of a proxy names it, but not its credentials, also where it is logged', async () => {
    const free = await freePort()
    for (const [url, proxy] of [
      ['http://lists.example.org/', `http://user:${secret}@127.0.0.1:${free}`],
      ['https://lists.example.org/', `http://user:${secret}@127.0.0.1:${port}`],
      ['https://lists.example.org/', `https://user:${secret}@127.0.0.1:${port}`],
      ['http://lists.example.org/', `http://user:${secret}%FF@127.0.0.1:${port}`],
    ] as const) {
      const rules = { allowPrivate: false, proxies: { http: proxy, https: proxy, no: '' }, resolve: unknown }
      const error = await get(url, {}, rules).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(FetchError)
      expect(shownAnywhere(error)).not.toMatch(/p4ss|cDRzcyB3b3Jk|dXNlcjpwNHNz/)
      if (proxy.endsWith(`${free}`))
        expect(error).toHaveProperty(
          'message',
          `The proxy 127.0.0.1:${free} refused the connection (ECONNREFUSED).`,
        )
    }
  })

  it('has no secret of the address', async () => {
    const tail = 'in/bot123456:ABC-DEF1234ghIkl?token=t0ken-1234'
    reply = (response, { url = '' }) => {
      // what Node says about an answer that is no HTTP can quote it
      response.socket?.end(`HTTP/1.1 200 OK\r\n${decodeURIComponent(url)} \r\n\r\n`)
    }
    const error = await get(`http://ada:${secret}@127.0.0.1:${port}/${tail}`).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(FetchError)
    expect(shownAnywhere(error)).not.toMatch(/p4ss|ABC-DEF|t0ken/)
  })
})

describe('what cannot be fetched', () => {
  it.each([
    ['file:///etc/passwd', 'scheme_refused'],
    ['nonsense', 'failed'],
  ])('is refused: %s', async (url, code) => {
    expect(await failure(read(url))).toEqual([code, expect.any(String)])
  })

  it('because nothing listens is said in words', async () => {
    const free = await freePort()
    expect(await failure(read(`http://127.0.0.1:${free}/`))).toEqual([
      'failed',
      `127.0.0.1:${free} refused the connection (ECONNREFUSED).`,
    ])
  })
})

describe('a size', () => {
  it.each([
    [0, '0 bytes'],
    [1_000, '1,000 bytes'],
    [1_536, '1.5 KiB'],
    [64 * 2 ** 20, '64 MiB'],
  ])('of %i bytes is %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text)
  })
})

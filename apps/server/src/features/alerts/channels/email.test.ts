import { createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import type { ChannelConfig } from '@bangui/shared'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { mailCertificate, startMailServer } from '../../../../test/mail-server.ts'
import { anIncident, hostileIncident, sendTools } from '../../../../test/send-tools.ts'
import { sendMessage } from './channels.ts'

const authorities = getCACertificates('default')
const trustMailServer = () => setDefaultCACertificates([...authorities, mailCertificate])
afterEach(() => setDefaultCACertificates(authorities))

const send = (
  port: number,
  changed: Partial<ChannelConfig<'email'>> = {},
  {
    incident = anIncident,
    ...tools
  }: Parameters<typeof sendTools>[0] & { incident?: typeof anIncident } = {},
) =>
  sendMessage(
    {
      kind: 'email',
      config: {
        host: 'localhost',
        port,
        security: 'starttls',
        acceptBadCertificate: false,
        username: 'bangui',
        password: 'pass word',
        from: 'bangui@example.org',
        to: ['ops@example.org'],
        ...changed,
      },
    },
    { incident },
    sendTools({ resolvePublic: async () => '127.0.0.1', ...tools }),
  )

const auth = ['bangui', 'pass word'] as const

describe('an e-mail', () => {
  it('is sent with STARTTLS and a password, as one of the thread of its incident', async () => {
    trustMailServer()
    await using server = await startMailServer({ security: 'starttls', auth })
    const result = await send(server.port)
    expect(result).toEqual({
      ok: true,
      answer: 'The mail server accepted the message: 250 2.0.0 Queued as 42',
    })
    await vi.waitFor(() => expect(server.received).toHaveLength(1))
    const [mail] = server.received
    expect(mail).toMatchObject({
      from: 'bangui@example.org',
      to: ['ops@example.org'],
      encrypted: true,
      user: 'bangui',
    })
    const { headers, text } = parse(mail?.content)
    expect(headers).toMatchObject({
      from: 'BanGUI <bangui@example.org>',
      to: 'ops@example.org',
      subject: 'fail2ban on web-1 is down',
      'message-id': '<d-1@example.org>',
      'in-reply-to': '<incident-i-1@example.org>',
      references: '<incident-i-1@example.org>',
      'auto-submitted': 'auto-generated',
      importance: 'High',
    })
    expect(text).toBe('Nobody is banned until it runs again. Start it.\r\n\r\nhttps://bangui.example/\r\n')
  })

  it('is sent over TLS from the first byte', async () => {
    trustMailServer()
    await using server = await startMailServer({ security: 'tls', auth })
    expect(await send(server.port, { security: 'tls' })).toMatchObject({ ok: true })
    await vi.waitFor(() => expect(server.received).toHaveLength(1))
    expect(server.received[0]).toMatchObject({ user: 'bangui' })
  })

  it('has no other headers and recipients than it should, whatever is in its text', async () => {
    await using server = await startMailServer({ security: 'none' })
    const result = await send(
      server.port,
      { security: 'none', username: null },
      { incident: { ...hostileIncident, id: 'x>\r\nBcc: a@b.example' }, deliveryId: 'y\r\nBcc: a@b.example' },
    )
    expect(result).toMatchObject({ ok: true })
    await vi.waitFor(() => expect(server.received).toHaveLength(1))
    const [mail] = server.received
    expect(mail?.to).toEqual(['ops@example.org'])
    expect(mail?.encrypted).toBe(false)
    const { headers } = parse(mail?.content)
    expect(Object.keys(headers)).not.toContain('bcc')
    expect(headers['message-id']).toMatch(/^<[0-9a-f]{32}@example\.org>$/)
  })

  it('goes to the others where the server refuses some of the recipients, and says so', async () => {
    await using server = await startMailServer({ security: 'none' })
    const to = ['nobody@example.org', 'ops@example.org']
    const result = await send(server.port, { security: 'none', username: null, to })
    expect(result).toEqual({
      ok: true,
      answer: 'The mail server accepted the message: 250 2.0.0 Queued as 42 It refused nobody@example.org.',
    })
  })
})

describe('a mail server that is slow', () => {
  const plain = { security: 'none', username: null } as const
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())

  it('to accept a message is waited for: the message would arrive twice otherwise', async () => {
    const sent = Promise.withResolvers<Socket>()
    await using server = await startRawServer((socket) => talk(socket, sent.resolve))
    const sending = send(server.port, plain)
    const socket = await sent.promise
    await vi.advanceTimersByTimeAsync(9 * 60_000)
    socket.write('250 2.0.0 Queued as 43\r\n')
    expect(await sending).toMatchObject({ ok: true, answer: expect.stringContaining('Queued as 43') })
  })

  it('before the message is sent is given up after a minute', async () => {
    const asked = Promise.withResolvers<void>()
    await using server = await startRawServer((socket) => {
      socket.write('220 mail.example.org ESMTP\r\n')
      socket.on('data', () => asked.resolve())
    })
    const sending = send(server.port, plain)
    await asked.promise
    await vi.advanceTimersByTimeAsync(61_000)
    expect(await sending).toEqual({ ok: false, answer: 'localhost did not answer in time.' })
  })
})

/** Takes a mail as a server does; `onSent` is called where it would accept the message. */
function talk(socket: Socket, onSent: (socket: Socket) => void): void {
  let isContent = false
  let text = ''
  socket.write('220 mail.example.org ESMTP\r\n')
  socket.on('data', (chunk) => {
    text += chunk.toString()
    if (isContent) return text.endsWith('\r\n.\r\n') ? onSent(socket) : undefined
    isContent = text.endsWith('DATA\r\n')
    if (text.endsWith('\r\n')) socket.write(isContent ? '354 Go on\r\n' : '250 OK\r\n')
    if (isContent) text = ''
    return undefined
  })
}

describe('an e-mail that is not sent', () => {
  it('says that the password is wrong, without it', async () => {
    trustMailServer()
    await using server = await startMailServer({ security: 'starttls', auth })
    const result = await send(server.port, { password: 'wrong one' })
    expect(result).toMatchObject({ ok: false, permanent: true })
    expect(result.answer).toMatch(/^The mail server refused the user name or the password: 535 /)
    expect(result.answer).not.toContain('wrong one')
  })

  it('names the certificate that cannot be verified, and is sent where the user accepts it', async () => {
    await using server = await startMailServer({ security: 'starttls', auth })
    const result = await send(server.port)
    expect(result).toEqual({
      ok: false,
      answer:
        'The certificate of localhost cannot be verified (self-signed certificate). Install a certificate that is valid for this name, or accept it in the settings of this channel.',
      permanent: true,
    })
    expect(server.received).toEqual([])
    expect(await send(server.port, { acceptBadCertificate: true })).toMatchObject({ ok: true })
  })

  it('names the certificate of another host', async () => {
    trustMailServer()
    await using server = await startMailServer({ security: 'tls', auth })
    const result = await send(server.port, { security: 'tls', host: 'mail.example.org' })
    expect(result).toMatchObject({ ok: false, permanent: true })
    expect(result.answer).toMatch(
      /^The certificate of mail\.example\.org cannot be verified \(Hostname\/IP does not match/,
    )
  })

  it('says that the server offers no STARTTLS, and sends no password', async () => {
    await using server = await startMailServer({ security: 'none', auth })
    expect(await send(server.port)).toEqual({
      ok: false,
      answer: `localhost does not offer STARTTLS on port ${server.port}. Choose another port or another encryption.`,
      permanent: true,
    })
  })

  it.each([
    ['later@example.org', false],
    ['nobody@example.org', true],
  ])('says that the server refuses %s, for good: %s', async (to, permanent) => {
    await using server = await startMailServer({ security: 'none' })
    const result = await send(server.port, { security: 'none', username: null, to: [to] })
    expect(result.ok).toBe(false)
    expect('permanent' in result).toBe(permanent)
    expect(result.answer).toMatch(
      permanent ? /refused the message: 550 5\.1\.1/ : /refused the message: 451 4\.7\.1/,
    )
  })

  it('ends with its signal while the server hangs', async () => {
    await using server = await startRawServer(() => undefined)
    const ending = new AbortController()
    const sending = send(server.port, {}, { signal: ending.signal })
    await vi.waitFor(() => expect(server.connections()).toBe(1))
    ending.abort()
    expect(await sending).toEqual({ ok: false, answer: 'localhost did not answer in time.' })
    await vi.waitFor(() => expect(server.connections()).toBe(0))
  })

  it.each([
    ['closes', (socket: Socket) => void socket.end()],
    ['speaks another protocol', (socket: Socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['is full', (socket: Socket) => void socket.end('421 4.3.2 Too many connections\r\n')],
  ])('says what happened where the server %s', async (_what, onConnection) => {
    await using server = await startRawServer(onConnection)
    const result = await send(server.port, { security: 'none', username: null })
    expect(result.ok).toBe(false)
    expect(result).not.toHaveProperty('permanent')
    expect(result.answer).toMatch(/^(?:localhost|The mail server) .+/)
  })

  it('says that nobody listens', async () => {
    const server = await startRawServer(() => undefined)
    await server[Symbol.asyncDispose]()
    const { answer } = await send(server.port)
    expect(answer).toBe(`localhost refuses connections on port ${server.port}. Check the port.`)
  })

  it('does not reach a private address that BanGUI may not reach', async () => {
    const result = await sendMessage(
      {
        kind: 'email',
        config: {
          host: '10.1.2.3',
          port: 25,
          security: 'none',
          acceptBadCertificate: false,
          username: null,
          password: null,
          from: 'a@example.org',
          to: ['b@example.org'],
        },
      },
      { incident: anIncident },
      sendTools(),
    )
    expect(result).toMatchObject({ ok: false, permanent: true })
    expect(result.answer).toContain('10.1.2.3 is not a public address. Set BANGUI_ALLOW_PRIVATE_URLS')
  })
})

async function startRawServer(onConnection: (socket: Socket) => void) {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    socket.resume()
    onConnection(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => sockets.size,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Returns the headers of a mail, by their names in lower case, and its text. */
function parse(content = '') {
  const [head = '', ...rest] = content.split('\r\n\r\n')
  const lines = head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n')
  const headers = Object.fromEntries(
    lines.map((line) => /^([^:]+): (.*)$/.exec(line)?.slice(1) ?? [line, '']),
  )
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value as string] as const)
  return { headers: Object.fromEntries(lower), text: rest.join('\r\n\r\n') }
}

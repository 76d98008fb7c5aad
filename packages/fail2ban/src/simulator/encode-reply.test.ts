import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { decodePickle } from '../wire/decode-pickle.ts'
import { encodeReply } from './encode-reply.ts'
import { address, PythonException, type PythonValue, tuple } from './python-value.ts'

const recorded = new Map(
  readFileSync(new URL('../../fixtures/wire-1.1.0.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { request: string[]; reply: string })
    .map(({ request, reply }) => [request.toString(), reply]),
)

const unknownJail = new PythonException('fail2ban.exceptions', 'UnknownJailException', 'nope')

describe('encodeReply', () => {
  test.each<[string, PythonValue]>([
    ['ping', tuple(0, 'pong')],
    ['version', tuple(0, '1.1.0')],
    ['status', tuple(0, [tuple('Number of jail', 3), tuple('Jail list', 'nginx-http-auth, recidive, sshd')])],
    ['status,nope', tuple(1, unknownJail.call)],
    ['get,nginx-http-auth,banned', tuple(0, [address('203.0.113.99')])],
    ['get,dbpurgeage', tuple(0, 86_400)],
    ['get,nginx-http-auth,bantime', tuple(0, -1)],
  ])('writes %s byte for byte as a recorded fail2ban does', (request, value) => {
    expect(Buffer.from(encodeReply(value)).toString('base64')).toBe(recorded.get(request))
  })

  test('frames a long reply so that it decodes to what went in', () => {
    const texts = Array.from({ length: 5000 }, (_, n) => `10.0.${n >> 8}.${n & 255} ${'x'.repeat(n % 300)}`)
    expect(decodePickle(encodeReply(tuple(0, texts.map(address))))).toEqual([0, texts])
    expect(decodePickle(encodeReply(new Map(texts.slice(0, 2500).map((text) => [text, 1]))))).toEqual(
      Object.fromEntries(texts.slice(0, 2500).map((text) => [text, 1])),
    )
  })
})

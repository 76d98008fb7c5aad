import { deepStrictEqual } from 'node:assert'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { recordedReplies } from '../../test/recorded-replies.ts'
import { type Plain, writePickle } from '../../test/write-pickle.ts'
import { decodePickle } from './decode-pickle.ts'
import { PickleError } from './pickle-error.ts'
import { maxReplyBytes } from './reply-limits.ts'

const hex = (text: string) => decodePickle(Buffer.from(text.replaceAll(' ', ''), 'hex'))
const ascii = (text: string) => Buffer.from(text, 'latin1').toString('hex')

describe('decodePickle', () => {
  test('decodes every recorded reply of 0.11.2, 1.0.2 and 1.1.0 to its value', () => {
    expect(recordedReplies.length).toBeGreaterThan(400)
    for (const { reply, value } of recordedReplies) deepStrictEqual(decodePickle(reply), value)
  })

  // each was written by Python's own pickle
  test.each<[string, string, unknown]>([
    ['None and booleans', '80025d7100284e8889652e', [null, true, false]],
    [
      'integers of every size',
      '8004955d000000000000005d94284b004b014bff4d00014dffff4a000001004affffff7f4affffffff4a000000808a0500000080008a07ffffffffffff1f8a07010000000000208a07ffffffffffffdf8a090000000000000080008a090000000000000000c0652e',
      [
        0,
        1,
        255,
        256,
        65_535,
        65_536,
        2_147_483_647,
        -1,
        -2_147_483_648,
        2_147_483_648,
        Number.MAX_SAFE_INTEGER,
        2n ** 53n + 1n,
        -(2n ** 53n) - 1n,
        2n ** 63n,
        -(2n ** 70n),
      ],
    ],
    ['floats', '80025d710028473ff800000000000047bfd0000000000000652e', [1.5, -0.25]],
    [
      'tuples of every length',
      '800495220000000000000028294b0185944b014b0286944b014b024b038794284b014b024b034b04749474942e',
      [[], [1], [1, 2], [1, 2, 3], [1, 2, 3, 4]],
    ],
    ['a set, protocol 2', '8002635f5f6275696c74696e5f5f0a7365740a71005d71014b07618571025271032e', [7]],
    ['a set, protocol 4', '80049507000000000000008f94284b07902e', [7]],
    ['a frozen set', '8004950600000000000000284b0791942e', [7]],
    ['bytes', '8004950600000000000000430200ff942e', new Uint8Array([0, 255])],
    [
      'bytes, protocol 2',
      '8002635f636f646563730a656e636f64650a7100580300000000c3bf710158060000006c6174696e3171028671035271042e',
      new Uint8Array([0, 255]),
    ],
    ['a byte array', '8005950d000000000000009602000000000000006162942e', new Uint8Array([97, 98])],
    ['a list that occurs twice', '80025d7100285d71014b01616801652e', [[1], [1]]],
    [
      'an exception of Python 2',
      '80024b0163657863657074696f6e730a4b65794572726f720a710058010000007871018571025271038671042e',
      [1, { $class: 'exceptions.KeyError', args: ['x'] }],
    ],
    [
      'an unknown class',
      '8004952e000000000000008c086275696c74696e73948c07636f6d706c6578949394470000000000000000473ff0000000000000869452942e',
      { $class: 'builtins.complex', args: [0, 1] },
    ],
    [
      'an object with a state',
      `8004 8c04${ascii('mod1')} 8c01${ascii('C')} 93 5d 85 52 7d 8c01${ascii('k')} 4b01 73 62 2e`,
      { $class: 'mod1.C', args: [[]], state: { k: 1 } },
    ],
    [
      'an object made by NEWOBJ',
      `8004 8c01${ascii('m')} 8c01${ascii('C')} 93 29 81 2e`,
      { $class: 'm.C', args: [] },
    ],
    ['a text of Python 2', `8002 55 05 ${ascii('probe')} 7100 2e`, 'probe'],
    ['a long text of Python 2', `8002 54 05000000 ${ascii('probe')} 2e`, 'probe'],
    ['a text with a length of eight bytes', `8004 8d 0500000000000000 ${ascii('probe')} 2e`, 'probe'],
    ['what is doubled and dropped', '8002 5d 28 4b01 32 4b02 30 65 2e', [1, 1]],
    [
      'an entry of the memo beyond 255',
      `8002 5d ${'7100'.repeat(1)} 28 4b07 72 00010000 6a 00010000 65 2e`,
      [7, 7],
    ],
  ])('decodes %s', (_name, pickle, value) => {
    expect(hex(pickle)).toEqual(value)
  })

  test('decodes the addresses of Python 2 and 3, calls of str, to text', () => {
    expect(hex(`8004 8c08${ascii('builtins')} 8c03${ascii('str')} 93 8c07${ascii('1.2.3.4')} 85 52 2e`)).toBe(
      '1.2.3.4',
    )
    expect(hex(`8002 63${ascii('__builtin__\nunicode\n')} 5807000000${ascii('1.2.3.4')} 85 52 2e`)).toBe(
      '1.2.3.4',
    )
  })

  test('knows the parts of an address that a run of addresses was read from', () => {
    const call = (text: string) =>
      `6802 8c${text.length.toString(16).padStart(2, '0')}${ascii(text)} 94 85 94 52 94`
    // str is entry 2 of the memo; each address adds its text, its tuple and itself
    const run = [call('192.0.2.100'), call('2001:db8::1'), call('\u00fc'), call('192.0.2.101')].join('')
    const parts = [3, 4, 5, 7, 13].map((index) => `68${index.toString(16).padStart(2, '0')}`).join('')
    const pickle = `8004 8c08${ascii('builtins')} 94 8c03${ascii('str')} 94 93 94 30 5d 28 ${run} ${parts} 65 2e${'00'.repeat(20)}`
    const addresses = ['192.0.2.100', '2001:db8::1', '\ufffd', '192.0.2.101']
    const asked = ['192.0.2.100', ['192.0.2.100'], '192.0.2.100', ['2001:db8::1'], ['192.0.2.101']]
    expect(hex(pickle)).toEqual([...addresses, ...asked])
  })

  test('keeps a key named __proto__ as an entry and changes no prototype', () => {
    const value = hex(`8004 7d 8c09${ascii('__proto__')} 7d 8c01${ascii('x')} 4b05 73 73 2e`) as Record<
      string,
      unknown
    >
    expect(Object.keys(value)).toEqual(['__proto__'])
    expect(JSON.stringify(value)).toBe('{"__proto__":{"x":5}}')
    expect(value['x']).toBeUndefined()
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
  })

  test('decodes what an independent writer wrote, whatever it is', () => {
    const { plain } = fc.letrec<{ plain: Plain }>((tie) => ({
      plain: fc.oneof(
        { maxDepth: 5, depthSize: 'small' },
        fc.constantFrom(null, true, false),
        fc.integer(),
        fc.maxSafeInteger(),
        fc.double({ noNaN: true }),
        fc.bigInt({ min: 2n ** 53n, max: 2n ** 400n }),
        fc.string({ unit: 'grapheme', maxLength: 400 }),
        fc.array(tie('plain'), { maxLength: 20 }),
        fc.dictionary(
          fc.string({ maxLength: 8 }).filter((key) => key !== '__proto__'),
          tie('plain'),
          { maxKeys: 8 },
        ),
      ),
    }))
    fc.assert(
      fc.property(plain, fc.constantFrom(2 as const, 4 as const), (value, protocol) => {
        expect(decodePickle(writePickle(value, protocol))).toEqual(value)
      }),
      { numRuns: 500 },
    )
  })

  test('refuses every pickle that is cut off, and no other error comes out', () => {
    for (const { reply } of recordedReplies.slice(0, 60)) {
      for (let length = 0; length < reply.length; length += 1 + (reply.length >> 7)) {
        expect(() => decodePickle(reply.subarray(0, length))).toThrow(PickleError)
      }
    }
  })
})

describe('decodePickle, bad pickles', () => {
  const nested = (depth: number) =>
    Buffer.concat([Buffer.alloc(depth, 0x5d), Buffer.alloc(depth - 1, 0x61), Buffer.from('.')])

  test.each<[string, string]>([
    ['an empty one', ''],
    ['no pickle at all', ascii('HTTP/1.1 400 Bad Request')],
    ['an unknown opcode', '8004ff2e'],
    ['a persistent id', '80044e512e'],
    ['an extension code', '800482012e'],
    ['a call of what is no class', `8004 8c01${ascii('x')} 85 85 52 2e`],
    ['a call without arguments', `8004 8c01${ascii('m')} 8c01${ascii('C')} 93 52 2e`],
    ['a memo entry that was never made', '800468052e'],
    ['a memo index far away', '80024e72ffffffff2e'],
    ['a pop below a mark', '80024e28302e'],
    ['an end of a list that never began', '80025d652e'],
    ['an item for something that is no list', '80024e4e612e'],
    ['an entry for something that is no dictionary', '80025d4e4e732e'],
    ['a key that is a list', '80027d5d4e732e'],
    ['a key without a value', '80027d284e752e'],
    ['a state for something that has none', '80025d4e622e'],
    ['a list that contains itself', '80025d7100680061 2e'],
    ['a text longer than the pickle', '800458ffffff7f61'],
    ['a text of 2^62 bytes', '80048d000000000000004061'],
    ['a number of 2 GB', '80028bffffff7f00'],
    ['a number of 2,000 bytes', `80028bd0070000${'7f'.repeat(2000)}2e`],
    ['an endless name', `800263${'61'.repeat(3000)}`],
  ])('refuses %s', (_name, pickle) => {
    expect(() => hex(pickle)).toThrow(PickleError)
  })

  test('refuses values nested beyond its depth, without running out of stack', () => {
    expect(decodePickle(nested(100))).toBeInstanceOf(Array)
    expect(() => decodePickle(nested(1000))).toThrow(PickleError)
    expect(() => decodePickle(nested(2_000_000))).toThrow(PickleError)
  })

  test('does not write out a structure that refers to itself exponentially', () => {
    // sixty lists, each with the one before twice: 2^60 values when written out
    const bomb = Buffer.concat([
      Buffer.from('5d', 'hex'),
      ...Array.from({ length: 60 }, (_, n) => doubled(n)),
      Buffer.from('.'),
    ])
    const value = decodePickle(bomb) as unknown[][]
    expect(value).toHaveLength(2)
    expect(value[0]).toBe(value[1])
  })

  // PUT n, then a new list with entry n twice
  const doubled = (n: number) => Buffer.from([0x71, n, 0x30, 0x5d, 0x28, 0x68, n, 0x68, n, 0x65])

  test.each([
    ['lists', Buffer.from([0x5d])],
    ['dictionaries', Buffer.from([0x7d])],
    ['memo entries', Buffer.from([0x94])],
    ['bytes', Buffer.from([0x43, 0])],
    ['nothings', Buffer.from([0x4e])],
  ])('bounds the memory that millions of %s take', (_name, opcode) => {
    const pickle = Buffer.concat([Buffer.from('8004284e', 'hex'), Buffer.alloc(16_000_000, opcode)])
    const before = process.memoryUsage().rss
    expect(() => decodePickle(pickle)).toThrow(PickleError)
    expect(process.memoryUsage().rss - before).toBeLessThan(1_000_000_000)
  })

  test(
    'takes time in proportion to a pickle that begins a run of addresses again and again',
    { timeout: 10_000 },
    () => {
      const name = `8c08${ascii('builtins')}948c03${ascii('str')}949394`
      const pickle = Buffer.concat([
        Buffer.from(`8004${name}`, 'hex'),
        Buffer.alloc(9_000_000, Buffer.from('680230', 'hex')),
        Buffer.from('.'),
      ])
      expect(decodePickle(pickle)).toEqual({ $class: 'builtins.str', args: [] })
    },
  )

  test('refuses more bytes than a reply may have', () => {
    expect(() => decodePickle(new Uint8Array(maxReplyBytes + 1))).toThrow(PickleError)
  })
})

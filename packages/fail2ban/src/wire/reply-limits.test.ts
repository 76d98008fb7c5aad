import { describe, expect, test } from 'vitest'
import { recordedReplies } from '../../test/recorded-replies.ts'
import { createPickleScanner } from './pickle-scanner.ts'
import { listLimits, replyLimitsOf } from './reply-limits.ts'

/** A list of so many times the same opcodes. */
const listOf = (count: number, opcodes: string): Buffer => {
  const unit = Buffer.from(opcodes, 'hex')
  return Buffer.concat([
    Buffer.from('80045d28', 'hex'),
    Buffer.alloc(unit.length * count, unit),
    Buffer.from('652e', 'hex'),
  ])
}

const lengthOf = (pickle: Buffer, args: readonly string[]): number => {
  const scanner = createPickleScanner(replyLimitsOf(args))
  scanner.scan(pickle, 0)
  return (scanner.value() as unknown[]).length
}

describe('the reply to a command that lists no addresses', () => {
  test('may have as many values as ten thousand jails need', () => {
    const jails = listOf(10_000, `8c02${Buffer.from('ab').toString('hex')}944e4b004b0086944b004b0086948794`)
    expect(lengthOf(jails, ['stats'])).toBe(20_000)
  })

  test.each([
    ['lists', '5d'],
    ['pairs', '4b004b0086'],
    ['numbers', '4b00'],
    ['short texts', '8c0161'],
  ])('is refused with hundreds of thousands of %s', (_name, opcodes) => {
    for (const args of [
      ['version'],
      ['ping'],
      ['status'],
      ['status', 'sshd', 'short'],
      ['get', 'sshd', 'bantime'],
    ])
      expect(() => lengthOf(listOf(400_000, opcodes), args)).toThrow('more values than')
  })
})

describe('the reply to a command that lists addresses', () => {
  const lists = [
    ['status', 'sshd'],
    ['get', 'sshd', 'banip', '--with-time'],
    ['get', 'sshd', 'banned'],
    ['get', 'sshd', 'ignoreip'],
    ['set', 'sshd', 'addignoreip', '192.0.2.1'],
    ['banned'],
  ]

  test.each(lists.map((args) => [args.join(' '), args] as const))('%s may be long', (_text, args) => {
    expect(replyLimitsOf(args)).toBe(listLimits)
  })

  test('may name 200,000 addresses as Python 2 writes them, each a tuple on the wire', () => {
    const str = Buffer.from('635f5f6275696c74696e5f5f0a7374720a7101', 'hex')
    const address = Buffer.from('6801550831302e31312e31327102857103527104', 'hex')
    const pickle = Buffer.concat([
      Buffer.from('8002', 'hex'),
      str,
      Buffer.from('5d28', 'hex'),
      Buffer.alloc(200_000 * address.length, address),
      Buffer.from('652e', 'hex'),
    ])
    expect(lengthOf(pickle, ['get', 'sshd', 'banip'])).toBe(200_000)
  })

  test.each([
    ['empty lists', 2_900_000, '5d'],
    ['nothings', 5_000_000, '4e'],
  ])('is refused with millions of %s', (_name, count, opcodes) => {
    expect(() => lengthOf(listOf(count, opcodes), ['banned'])).toThrow('more values than')
  })
})

test('every recorded reply is within the limits of its command', () => {
  for (const { request, reply } of recordedReplies) {
    const scanner = createPickleScanner(replyLimitsOf(typeof request === 'string' ? [request] : request))
    scanner.scan(reply, 0)
    expect(scanner.done).toBe(true)
  }
})

import { expect, test } from 'vitest'
import { recordedReplies } from '../../test/recorded-replies.ts'
import { decodePickle } from './decode-pickle.ts'
import { PickleError } from './pickle-error.ts'

const rounds = 30_000
/** How much more processor time mutated replies may take than the recorded ones. */
const MAX_COST = 20

/** A small generator of pseudo-random numbers (mulberry32): the same seed gives the same run. */
const createRandom = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const interesting = [
  0x28, 0x52, 0x62, 0x65, 0x71, 0x72, 0x75, 0x8a, 0x8b, 0x8d, 0x8e, 0x93, 0x94, 0x95, 0x96, 0xff,
]

/** Processor time in microseconds: other programs on a busy machine do not count. */
const spent = (from: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(from)
  return user + system
}

const mutate = (reply: Buffer, random: (below: number) => number): Buffer => {
  let bytes = Buffer.from(reply)
  for (let n = 1 + random(4); n > 0; n--) {
    const at = random(bytes.length)
    const kind = random(5)
    if (kind === 0) bytes[at] = random(256)
    if (kind === 1) bytes[at] = interesting[random(interesting.length)] ?? 0
    if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random(8))])
    if (kind === 3)
      bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + random(40)), bytes.subarray(at)])
    if (kind === 4) bytes = bytes.subarray(0, at + 1)
    if (bytes.length === 0) return Buffer.from('.')
  }
  return bytes
}

test('a mutated reply is decoded or refused, in bounded time and memory', () => {
  const seed = Date.now() & 0xffffff
  const random = createRandom(seed)
  const before = process.memoryUsage().rss
  let refused = 0
  let recorded = 0
  let altered = 0
  for (let round = 0; round < rounds; round++) {
    const { reply } = recordedReplies[random(recordedReplies.length)]!
    const mutated = mutate(reply, random)
    const from = process.cpuUsage()
    decodePickle(reply)
    recorded += spent(from)
    const mutatedFrom = process.cpuUsage()
    try {
      decodePickle(mutated)
    } catch (error) {
      refused++
      expect(error, `seed ${seed}, ${mutated.toString('base64')}`).toBeInstanceOf(PickleError)
    }
    altered += spent(mutatedFrom)
  }
  expect(altered, `seed ${seed}`).toBeLessThan(recorded * MAX_COST)
  expect(refused).toBeGreaterThan(rounds / 10)
  expect(process.memoryUsage().rss - before).toBeLessThan(300_000_000)
})

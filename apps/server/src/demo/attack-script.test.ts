import { expect, test } from 'vitest'
import { attackNetworks } from './attack-networks.ts'
import { createAttackScript, type Attempt } from './attack-script.ts'

interface Timed extends Attempt {
  readonly at: number
}

function play(seed: number, untilMs: number): Timed[] {
  const script = createAttackScript(seed)
  const told: Timed[] = []
  for (let at = 0; ;) {
    const { after, attempt } = script.next()
    at += after
    if (at > untilMs) return told
    told.push({ at, ...attempt })
  }
}

const minutes = (count: number) => count * 60_000

test('the same seed plays the same script, another seed another', () => {
  expect(play(7, minutes(5))).toEqual(play(7, minutes(5)))
  expect(play(7, minutes(5))).not.toEqual(play(8, minutes(5)))
})

test('the first attacker tries often enough within ten seconds to be banned', () => {
  for (let seed = 0; seed < 50; seed += 1) {
    const early = play(seed, 10_000).filter(({ jail }) => jail === 'sshd')
    const byAddress = Map.groupBy(early, ({ address }) => address)
    expect(Math.max(...[...byAddress.values()].map((attempts) => attempts.length))).toBeGreaterThanOrEqual(5)
  }
})

test('an attempt comes every one to four seconds on average, from many countries, at every jail', () => {
  for (let seed = 0; seed < 20; seed += 1) {
    const told = play(seed, minutes(30))
    const meanGap = minutes(30) / told.length
    expect(meanGap).toBeGreaterThan(1_000)
    expect(meanGap).toBeLessThan(4_000)
    expect(new Set(told.map(({ country }) => country)).size).toBeGreaterThanOrEqual(8)
    expect(new Set(told.map(({ jail }) => jail)).size).toBe(4)
  }
})

test('every attacker stays in the networks of its country', () => {
  const prefixes = new Map(attackNetworks.map(({ prefix, country }) => [prefix, country]))
  for (const { address, country } of play(3, minutes(60))) {
    const prefix = address.includes(':')
      ? address.split(':').slice(0, 2).join(':')
      : address.split('.').slice(0, 2).join('.')
    expect(prefixes.get(prefix)).toBe(country)
  }
})

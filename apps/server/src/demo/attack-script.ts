import { attackNetworks } from './attack-networks.ts'
import { createRandom, type Random } from './random.ts'

/** One failed attempt of an invented attacker. */
export interface Attempt {
  readonly jail: AttackedJail
  readonly address: string
  readonly country: string
  readonly user: string
}

export type AttackedJail = 'sshd' | 'nginx-http-auth' | 'nginx-botsearch' | 'postfix-sasl'

/** An endless script of attempts. */
export interface AttackScript {
  /** The next attempt, and the milliseconds between the one before and this one. */
  next(): { readonly after: number; readonly attempt: Attempt }
}

interface Attacker extends Attempt {
  dueAt: number
  left: number
  readonly pace: number
}

const targets: readonly [
  { jail: AttackedJail; weight: number },
  ...{ jail: AttackedJail; weight: number }[],
] = [
  { jail: 'sshd', weight: 5 },
  { jail: 'postfix-sasl', weight: 2 },
  { jail: 'nginx-http-auth', weight: 2 },
  { jail: 'nginx-botsearch', weight: 1 },
]
const users = [
  'root',
  'admin',
  'test',
  'ubuntu',
  'oracle',
  'postgres',
  'git',
  'deploy',
  'backup',
  'info',
] as const

/** the mean time between two attackers: with some seven attempts each, one attempt in two seconds */
const arrivalMs = 13_000

/** How many attackers are remembered to come back for another jail; it bounds the memory. */
const longestMemory = 40

/** Attackers come, try a few times, give up, and some come back for more. The first comes at once and in earnest. */
export function createAttackScript(seed: number): AttackScript {
  const random = createRandom(seed)
  const active: Attacker[] = [{ ...newcomer(random, 500), jail: 'sshd', left: 6, pace: 600 }]
  const known: Attempt[] = []
  let now = 0
  let nextArrival = 3_000

  const admit = () => {
    const attacker = newcomer(random, nextArrival)
    const back = random.between(0, 1) < 0.25 ? known[random.integer(0, known.length - 1)] : undefined
    active.push(back ? { ...attacker, address: back.address, country: back.country } : attacker)
    nextArrival += random.wait(arrivalMs)
  }
  return {
    next() {
      let attacker = earliest(active)
      while (attacker === undefined || nextArrival <= attacker.dueAt) {
        admit()
        attacker = earliest(active)
      }
      const { jail, address, country, user } = attacker
      const after = Math.max(0, attacker.dueAt - now)
      now = attacker.dueAt
      attacker.left -= 1
      attacker.dueAt += random.between(0.5, 1.5) * attacker.pace
      if (attacker.left === 0) {
        active.splice(active.indexOf(attacker), 1)
        known.push({ jail, address, country, user })
        if (known.length > longestMemory) known.shift()
      }
      return { after, attempt: { jail, address, country, user } }
    },
  }
}

function newcomer(random: Random, dueAt: number): Attacker {
  const { country, prefix } = random.weighted(attackNetworks)
  return {
    jail: random.weighted(targets).jail,
    address: hostIn(prefix, random),
    country,
    user: random.pick(users),
    dueAt,
    // some only knock once
    left: random.between(0, 1) < 0.2 ? 1 : random.integer(4, 10),
    pace: random.between(600, 3_500),
  }
}

/** An address in a network of {@link attackNetworks}. */
export function hostIn(prefix: string, random: Random): string {
  if (!prefix.includes(':')) return `${prefix}.${random.integer(0, 255)}.${random.integer(1, 254)}`
  const group = () => random.integer(1, 0xff_ff).toString(16)
  return `${prefix}:${group()}::${group()}`
}

function earliest(active: readonly Attacker[]): Attacker | undefined {
  return active.reduce<Attacker | undefined>(
    (first, attacker) => (first === undefined || attacker.dueAt < first.dueAt ? attacker : first),
    undefined,
  )
}

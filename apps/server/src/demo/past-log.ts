import { DAY_MS } from '@bangui/shared'
import { stat, writeFile } from 'node:fs/promises'
import { simulatedLogLine, type SimulatedFact } from '@bangui/fail2ban'
import { attackNetworks } from './attack-networks.ts'
import { hostIn, type AttackedJail } from './attack-script.ts'
import { attackedJails } from './demo-jails.ts'
import { createRandom, type Random } from './random.ts'

export interface PastOptions {
  readonly seed: number
  /** all of it is over by then, epoch milliseconds */
  readonly until: number
  /** @default 14 */
  readonly days?: number
}

interface Told {
  readonly at: number
  readonly fact: SimulatedFact
}

/** the mean time between two attackers of the past, milliseconds */
const arrival = 1_800_000
/** How many attackers are remembered to come back. */
const longestMemory = 60

interface Target {
  readonly name: AttackedJail
  readonly weight: number
}

/** the jails that run, as often as they are attacked */
const targets: readonly [Target, ...Target[]] = [
  { name: 'sshd', weight: 6 },
  { name: 'postfix-sasl', weight: 3 },
  { name: 'nginx-http-auth', weight: 2 },
]

/** Writes a log of the past days for a demo that starts for the first time; an existing log stays as it is. */
export async function writePast(path: string, options: PastOptions): Promise<void> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  )
  if (size === 0) await writeFile(path, pastLines(options), { mode: 0o600 })
}

/** Returns what fail2ban would have logged about invented attackers in the past days. */
export function pastLines({ seed, until, days = 14 }: PastOptions): string {
  const random = createRandom(seed)
  const known: string[] = []
  const told: Told[] = []
  for (let at = until - days * DAY_MS; at < until; at += random.wait(arrival / liveliness(at))) {
    const back = random.between(0, 1) < 0.2 ? known[random.integer(0, known.length - 1)] : undefined
    const address = back ?? hostIn(random.weighted(attackNetworks).prefix, random)
    const visit = visitLines(random, address, at)
    if ((visit.at(-1)?.at ?? at) >= until) continue
    for (const each of visit) told.push(each)
    known.push(address)
    if (known.length > longestMemory) known.shift()
  }
  const inOrder = told.toSorted((one, other) => one.at - other.at)
  return inOrder.map(({ at, fact }) => `${simulatedLogLine(fact, new Date(at))}\n`).join('')
}

/** Attacks come in waves: more of them in the evening than in the morning. */
const liveliness = (at: number) => 1 + 0.7 * Math.sin((2 * Math.PI * at) / DAY_MS)

/** The attempts of one attacker, mostly until it is banned, and the end of that ban. */
function visitLines(random: Random, address: string, from: number): Told[] {
  const { name: jail } = random.weighted(targets)
  const { maxretry = 3, bantime = 600 } = attackedJails.find(({ name }) => name === jail) ?? {}
  const isBanned = random.between(0, 1) < 0.8
  const visit: Told[] = []
  let at = from
  for (let left = isBanned ? maxretry : 1; left > 0; left -= 1) {
    at += random.between(1_000, 6_000)
    visit.push({ at, fact: { type: 'found', jail, address } })
  }
  if (!isBanned) return visit
  return [
    ...visit,
    { at: at + 300, fact: { type: 'ban', jail, address } },
    { at: at + 300 + bantime * 1000, fact: { type: 'unban', jail, address } },
  ]
}

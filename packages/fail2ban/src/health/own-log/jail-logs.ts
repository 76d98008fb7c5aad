import type { LogFact } from '../../events/parse-log-line.ts'
import type { JailLog } from '../seen/own-log-seen.ts'

const MAX_JAILS = 2000
const MAX_ADDRESSES = 200
const MAX_TIMES = 50

interface OpenJail {
  startedAt: number | null
  foundAt: number | null
  bannedAt: number | null
  ignoredAddress: string | null
  found: number
  readonly ignored: Map<string, number>
  readonly foundBy: Map<string, number>
  readonly bans: number[]
  readonly unbans: number[]
  readonly failures: number[]
}

/** Creates the collection of what a log says about each jail. */
export function createJailLogs() {
  const jails = new Map<string, OpenJail>()
  const jailOf = (name: string): OpenJail => {
    const found = jails.get(name) ?? emptyJail()
    if (jails.size < MAX_JAILS) jails.set(name, found)
    return found
  }
  return {
    add(fact: LogFact, at: number): void {
      if ('jail' in fact) addTo(jailOf(fact.jail), fact, at)
    },
    seen: (): ReadonlyMap<string, JailLog> =>
      new Map([...jails].map(([name, jail]) => [name, structuredClone(jail)])),
  }
}

const emptyJail = (): OpenJail => ({
  startedAt: null,
  foundAt: null,
  bannedAt: null,
  ignoredAddress: null,
  found: 0,
  ignored: new Map(),
  foundBy: new Map(),
  bans: [],
  unbans: [],
  failures: [],
})

function addTo(jail: OpenJail, fact: LogFact & { readonly jail: string }, at: number): void {
  switch (fact.type) {
    case 'jail':
      if (fact.change !== 'stopped') jail.startedAt = at
      return
    case 'ban':
      jail.bannedAt = at
      return addTime(jail.bans, at)
    case 'unban':
    case 'suspended':
      return addTime(jail.unbans, at)
    case 'failure':
      jail.foundAt = at
      jail.found += 1
      count(jail.foundBy, fact.address)
      return addTime(jail.failures, at)
    case 'ignored': {
      const [by = ''] = fact.by.split(' ', 1)
      if (by === 'ip') jail.ignoredAddress = fact.address
      return count(jail.ignored, by)
    }
    default:
  }
}

function addTime(times: number[], at: number): void {
  times.push(at)
  if (times.length > MAX_TIMES) times.shift()
}

function count(counts: Map<string, number>, key: string): void {
  const before = counts.get(key)
  if (before !== undefined || counts.size < MAX_ADDRESSES) counts.set(key, (before ?? 0) + 1)
}

import { DAY_MS, HOUR_MS } from '@bangui/shared'
import { codeOf } from '../author-code.ts'
import type { Statements } from './statements.ts'

/** Whose bans are counted together: those of an origin in a jail. */
export interface Counted {
  readonly jailId: number
  /** see codeOf in author-code.ts */
  readonly origin: number
}

interface CountedBan extends Counted {
  readonly country: string
  readonly at: number
}

/** Totals by hour and by day, collected while a transaction runs and written at its end. */
export interface RollUps {
  addBan(ban: CountedBan, count: 1 | -1): void
  /** Moves a ban in time; nothing to do within an hour. */
  moveBan(ban: Omit<CountedBan, 'at'>, from: number, to: number): void
  addFailure(jailId: number, at: number): void
  addNewAddress(counted: Counted, at: number, count: 1 | -1): void
  moveCountry(ban: Pick<CountedBan, 'origin' | 'at'>, from: string, to: string): void
  /** Writes what was collected. */
  flush(): void
  /** Forgets what was collected. */
  clear(): void
}

interface Totals {
  bans: number
  failures: number
  newAddresses: number
}

interface CollectedJail extends Counted {
  readonly starts: Map<number, Totals>
}

interface CollectedCountry {
  readonly country: string
  readonly origin: number
  readonly starts: Map<number, number>
}

interface Collected {
  readonly jails: Map<string, CollectedJail>
  readonly countries: Map<string, CollectedCountry>
}

/** Failures come from fail2ban alone. */
const ofFail2ban = codeOf({ kind: 'fail2ban', name: null })

/** Collects the roll-ups of a host. */
export function createRollUps(statements: Statements, hostId: number): RollUps {
  const write = writerOf(statements, hostId)
  const hours: Collected = { jails: new Map(), countries: new Map() }
  const clear = () => {
    hours.jails.clear()
    hours.countries.clear()
  }
  const addBan: RollUps['addBan'] = ({ country, at, ...counted }, count) => {
    totalsOf(hours, counted, startOf(at, HOUR_MS)).bans += count
    addCountry(hours, { country, origin: counted.origin, at, count })
  }
  return {
    addBan,
    moveBan(ban, from, to) {
      if (startOf(from, HOUR_MS) === startOf(to, HOUR_MS)) return
      addBan({ ...ban, at: from }, -1)
      addBan({ ...ban, at: to }, 1)
    },
    addFailure: (jailId, at) =>
      void totalsOf(hours, { jailId, origin: ofFail2ban }, startOf(at, HOUR_MS)).failures++,
    addNewAddress: (counted, at, count) =>
      (totalsOf(hours, counted, startOf(at, HOUR_MS)).newAddresses += count),
    moveCountry(ban, from, to) {
      addCountry(hours, { ...ban, country: from, count: -1 })
      addCountry(hours, { ...ban, country: to, count: 1 })
    },
    flush() {
      write(hours, 'Hours')
      write(daysOf(hours), 'Days')
      clear()
    },
    clear,
  }
}

const startOf = (at: number, unit: number) => Math.floor(at / unit) * unit

function totalsOf({ jails }: Collected, { jailId, origin }: Counted, start: number): Totals {
  const { starts } = within(jails, `${jailId} ${origin}`, () => ({ jailId, origin, starts: new Map() }))
  return within(starts, start, () => ({ bans: 0, failures: 0, newAddresses: 0 }))
}

interface CountryCount {
  readonly country: string
  readonly origin: number
  readonly at: number
  readonly count: number
}

function addCountry(
  { countries }: Collected,
  { country, origin, at, count }: CountryCount,
  unit = HOUR_MS,
): void {
  const { starts } = within(countries, `${country} ${origin}`, () => ({ country, origin, starts: new Map() }))
  const start = startOf(at, unit)
  starts.set(start, (starts.get(start) ?? 0) + count)
}

function within<TKey, TValue>(map: Map<TKey, TValue>, key: TKey, create: () => TValue): TValue {
  const found = map.get(key)
  if (found !== undefined) return found
  const value = create()
  map.set(key, value)
  return value
}

function daysOf(hours: Collected): Collected {
  const days: Collected = { jails: new Map(), countries: new Map() }
  for (const { starts, ...counted } of hours.jails.values())
    for (const [start, { bans, failures, newAddresses }] of starts) {
      const sums = totalsOf(days, counted, startOf(start, DAY_MS))
      sums.bans += bans
      sums.failures += failures
      sums.newAddresses += newAddresses
    }
  for (const { starts, ...counted } of hours.countries.values())
    for (const [at, count] of starts) addCountry(days, { ...counted, at, count }, DAY_MS)
  return days
}

/** Returns what writes collected totals of a host into the roll-ups by hour or by day. */
const writerOf =
  (statements: Statements, hostId: number) =>
  ({ jails, countries }: Collected, unit: 'Hours' | 'Days'): void => {
    const addToJail = statements[`addToJail${unit}`]
    const addToCountry = statements[`addToCountry${unit}`]
    for (const { jailId, origin, starts } of jails.values())
      for (const [start, { bans, failures, newAddresses }] of starts)
        if (bans || failures || newAddresses)
          addToJail.run(start, jailId, origin, bans, failures, newAddresses)
    for (const { country, origin, starts } of countries.values())
      for (const [start, bans] of starts) if (bans) addToCountry.run(hostId, start, country, origin, bans)
  }

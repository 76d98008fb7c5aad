import { DAY_MS, HOUR_MS } from '@bangui/shared'
import type { Statements } from './statements.ts'

/** Totals by hour and by day, collected while a transaction runs and written at its end. */
export interface RollUps {
  addBan(ban: { readonly jailId: number; readonly country: string; readonly at: number }, count: 1 | -1): void
  /** Moves a ban in time; nothing to do within an hour. */
  moveBan(ban: { readonly jailId: number; readonly country: string }, from: number, to: number): void
  addFailure(jailId: number, at: number): void
  addNewAddress(jailId: number, at: number, count: 1 | -1): void
  moveCountry(at: number, from: string, to: string): void
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

interface Collected {
  readonly jails: Map<number, Map<number, Totals>>
  readonly countries: Map<string, Map<number, number>>
}

/** Collects the roll-ups of a host. */
export function createRollUps(statements: Statements, hostId: number): RollUps {
  const write = writerOf(statements, hostId)
  const hours: Collected = { jails: new Map(), countries: new Map() }
  const clear = () => {
    hours.jails.clear()
    hours.countries.clear()
  }
  const addBan: RollUps['addBan'] = ({ jailId, country, at }, count) => {
    totalsOf(hours, jailId, startOf(at, HOUR_MS)).bans += count
    addCountry(hours, { country, at, count })
  }
  return {
    addBan,
    moveBan(ban, from, to) {
      if (startOf(from, HOUR_MS) === startOf(to, HOUR_MS)) return
      addBan({ ...ban, at: from }, -1)
      addBan({ ...ban, at: to }, 1)
    },
    addFailure: (jailId, at) => void totalsOf(hours, jailId, startOf(at, HOUR_MS)).failures++,
    addNewAddress: (jailId, at, count) =>
      (totalsOf(hours, jailId, startOf(at, HOUR_MS)).newAddresses += count),
    moveCountry(at, from, to) {
      addCountry(hours, { country: from, at, count: -1 })
      addCountry(hours, { country: to, at, count: 1 })
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

function totalsOf({ jails }: Collected, jailId: number, start: number): Totals {
  const starts = within(jails, jailId, () => new Map<number, Totals>())
  return within(starts, start, () => ({ bans: 0, failures: 0, newAddresses: 0 }))
}

interface CountryCount {
  readonly country: string
  readonly at: number
  readonly count: number
}

function addCountry({ countries }: Collected, { country, at, count }: CountryCount, unit = HOUR_MS): void {
  const starts = within(countries, country, () => new Map<number, number>())
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
  for (const [jailId, starts] of hours.jails)
    for (const [start, { bans, failures, newAddresses }] of starts) {
      const sums = totalsOf(days, jailId, startOf(start, DAY_MS))
      sums.bans += bans
      sums.failures += failures
      sums.newAddresses += newAddresses
    }
  for (const [country, starts] of hours.countries)
    for (const [at, count] of starts) addCountry(days, { country, at, count }, DAY_MS)
  return days
}

/** Returns what writes collected totals of a host into the roll-ups by hour or by day. */
const writerOf =
  (statements: Statements, hostId: number) =>
  ({ jails, countries }: Collected, unit: 'Hours' | 'Days'): void => {
    const addToJail = statements[`addToJail${unit}`]
    const addToCountry = statements[`addToCountry${unit}`]
    for (const [jailId, starts] of jails)
      for (const [start, { bans, failures, newAddresses }] of starts)
        if (bans || failures || newAddresses) addToJail.run(start, jailId, bans, failures, newAddresses)
    for (const [country, starts] of countries)
      for (const [start, bans] of starts) if (bans) addToCountry.run(hostId, start, country, bans)
  }

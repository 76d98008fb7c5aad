import { appendFileSync, statSync, truncateSync } from 'node:fs'
import { localTime } from '../local-time.ts'

/** An event of a simulated daemon that fail2ban would log. */
export type SimulatedFact =
  | { readonly type: 'found' | 'ban' | 'unban'; readonly jail: string; readonly address: string }
  | { readonly type: 'jail_started' | 'jail_stopped'; readonly jail: string }
  | { readonly type: 'starting'; readonly version: string }
  | { readonly type: 'stopped' }

export type WriteLog = (fact: SimulatedFact) => void

export interface SimulatedLogOptions {
  readonly path: string
  /** epoch milliseconds */
  readonly now: () => number
  /** @default 1 MB; a log that has grown to it starts again */
  readonly maxBytes?: number
}

/** Returns the function that writes a line for each fact into a log, as fail2ban does. */
export function createSimulatedLog({ path, now, maxBytes = 1_000_000 }: SimulatedLogOptions): WriteLog {
  appendFileSync(path, '', { mode: 0o600 })
  return (fact) => {
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) >= maxBytes) truncateSync(path)
    appendFileSync(path, `${simulatedLogLine(fact, new Date(now()))}\n`, { mode: 0o600 })
  }
}

/** Returns the line that fail2ban logs for a fact. */
export function simulatedLogLine(fact: SimulatedFact, at: Date): string {
  const [logger, level, message] = wordsOf(fact, localTime(at))
  const time = `${localTime(at)},${String(at.getMilliseconds()).padStart(3, '0')}`
  return `${time} ${`fail2ban.${logger}`.padEnd(24)}[${process.pid}]: ${level.padEnd(7)} ${message}`
}

function wordsOf(
  fact: SimulatedFact,
  time: string,
): readonly [logger: string, level: string, message: string] {
  switch (fact.type) {
    case 'found':
      return ['filter', 'INFO', `[${fact.jail}] Found ${fact.address} - ${time}`]
    case 'ban':
      return ['actions', 'NOTICE', `[${fact.jail}] Ban ${fact.address}`]
    case 'unban':
      return ['actions', 'NOTICE', `[${fact.jail}] Unban ${fact.address}`]
    case 'jail_started':
      return ['jail', 'INFO', `Jail '${fact.jail}' started`]
    case 'jail_stopped':
      return ['jail', 'INFO', `Jail '${fact.jail}' stopped`]
    case 'starting':
      return ['server', 'INFO', `Starting Fail2ban v${fact.version}`]
    case 'stopped':
      return ['server', 'INFO', 'Exiting Fail2ban']
  }
}

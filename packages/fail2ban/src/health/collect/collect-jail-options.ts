import { isTexts } from '../../config/in-force.ts'
import type { JailOptions } from '../seen/daemon-seen.ts'
import { daemonThatAnswers } from './collect-daemon.ts'
import { asking, eachJail } from './collect-jails.ts'
import type { Collector } from './collector.ts'

const expressions = ['failregex', 'ignoreregex', 'prefregex'] as const

/** Options that a reload keeps where the files do not set them any more; every version returns them. */
const keptByReload = [
  'datepattern',
  'maxlines',
  'ignorecache',
  'logtimezone',
  'bantime.increment',
  'bantime.factor',
  'bantime.formula',
  'bantime.multipliers',
  'bantime.maxtime',
  'bantime.rndtime',
  'bantime.overalljails',
] as const

/** Sees what the daemon has of each jail's filter and rarer options. */
export const collectJailOptions: Collector<'jailOptions'> = async (collecting) => {
  const { jails } = await daemonThatAnswers(collecting)
  return eachJail(jails, async (jail): Promise<JailOptions> => {
    const ask = asking(collecting.context.connection, jail)
    const [texts, others] = await Promise.all([
      Promise.all(expressions.map(ask)),
      Promise.all(keptByReload.map(ask)),
    ])
    return {
      jail,
      expressions: new Map(expressions.map((key, index) => [key, listOf(texts[index])])),
      others: new Map(
        keptByReload.flatMap((key, index): [string, string][] => {
          const text = valueOf(key, others[index])
          return text === null ? [] : [[key, text]]
        }),
      ),
    }
  })
}

/** A prefregex is one text. */
const listOf = (value: unknown): readonly string[] =>
  typeof value === 'string' ? (value === '' ? [] : [value]) : isTexts(value) ? value : []

/** Returns the value of an option as text; null: it is as fail2ban has it by itself. */
function valueOf(key: string, value: unknown): string | null {
  // of a date pattern, the daemon returns the pattern and a name; without one, null and a name
  if (key === 'datepattern') return Array.isArray(value) && typeof value[0] === 'string' ? value[0] : null
  if (value === null || value === undefined || value === false || value === '') return null
  if (key === 'maxlines' && value === 1) return null
  return typeof value === 'string' ? value : JSON.stringify(value)
}

import { parseDuration } from '@bangui/shared'

/** What decides how long the bans of a repeat offender last, as the configuration has it. */
export interface IncrementOptions {
  readonly bantime: string
  readonly factor: string
  readonly formula: string
  readonly multipliers: string
  readonly maxtime: string
}

type Formula = (time: number, count: number, factor: number) => number

/** The formulas that are known, without their white space; any other is Python, which only fail2ban evaluates. */
const formulas: Readonly<Record<string, Formula>> = {
  'ban.Time*(1<<(ban.Countifban.Count<20else20))*banFactor': (time, count, factor) =>
    time * 2 ** Math.min(count, 20) * factor,
  'ban.Time*math.exp(float(ban.Count+1)*banFactor)/math.exp(1*banFactor)': (time, count, factor) =>
    (time * Math.exp((count + 1) * factor)) / Math.exp(factor),
  'ban.Time*(ban.Count+1)*banFactor': (time, count, factor) => time * (count + 1) * factor,
}

/**
 * Returns how many seconds the first bans of an address last, as fail2ban computes them (`setBanTimeExtra` of `jail.py`), without the
 * random time. Undefined: that cannot be known without fail2ban.
 */
export function banLengths(options: IncrementOptions, bans: number): number[] | undefined {
  const time = parseDuration(options.bantime)
  const factor = options.factor.trim() === '' ? 1 : Number(options.factor)
  const longest = options.maxtime.trim() === '' ? Infinity : parseDuration(options.maxtime)
  if (time === undefined || time <= 0 || !Number.isFinite(factor) || longest === undefined) return undefined
  const increase = increaseOf(options, factor)
  if (increase === undefined) return undefined
  // the first ban is not increased
  return Array.from({ length: bans }, (_, count) =>
    count === 0 ? time : Math.min(increase(time, count), longest),
  )
}

function increaseOf(
  { formula, multipliers }: IncrementOptions,
  factor: number,
): ((time: number, count: number) => number) | undefined {
  const words = multipliers.trim() === '' ? [] : multipliers.trim().split(/\s+/)
  if (words.some((word) => !/^\d{1,9}$/.test(word))) return undefined
  if (words.length > 0)
    return (time, count) => time * factor * Number(words[Math.min(count, words.length - 1)])
  const compute = formulas[formula.replaceAll(/\s+/g, '')]
  return compute && ((time, count) => Math.max(time, compute(time, count, factor)))
}

import { formatNumber } from './format.ts'

const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 })
const share = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 })

/** Formats a number for an axis: "1.2K". */
export const formatCompact = (value: number): string => compact.format(value)

/** Formats a share: "12%"; a share above 0 that rounds to 0 is "<1%". */
export function formatShare(part: number, whole: number): string {
  if (part <= 0 || whole <= 0) return share.format(0)
  return part / whole < 0.01 ? `<${share.format(0.01)}` : share.format(part / whole)
}

/** Returns how a number compares with that of an earlier span: "12% more than in the previous 7 days", "none in the previous 7 days". */
export function describeChange(now: number, before: number, span: string): string {
  if (now === before) return `same as in ${span}`
  if (before === 0) return `none in ${span}`
  const ratio = now / before
  // from ten times as many on, a percentage is hard to read
  if (ratio >= 10) return `${compact.format(ratio)} times as many as in ${span}`
  return `${share.format(Math.abs(ratio - 1))} ${ratio > 1 ? 'more' : 'fewer'} than in ${span}`
}

/** Returns the unit, given in the plural, for that many: "ban", "address", "bans". */
export const unitFor = (count: number, unit: string): string =>
  count === 1 ? unit.replace(/(?:(?<=ss)e)?s$/, '') : unit

/** Returns a count with its unit, given in the plural: "1 ban", "1 address", "9 bans". */
export const formatCount = (count: number, unit: string): string =>
  `${formatNumber(count)} ${unitFor(count, unit)}`

import { formatNumber } from './format.ts'

const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 })
const share = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 })

/** A figure for an axis: "1.2K". */
export const formatCompact = (value: number): string => compact.format(value)

/** A part of a whole: "12%"; what is there but rounds to nothing is "<1%". */
export function formatShare(part: number, whole: number): string {
  if (part <= 0 || whole <= 0) return share.format(0)
  return part / whole < 0.01 ? `<${share.format(0.01)}` : share.format(part / whole)
}

/** Returns how a number compares with that of an earlier span: "12% more than in the previous 7 days", "none in the previous 7 days". */
export function describeChange(now: number, before: number, span: string): string {
  if (now === before) return `same as in ${span}`
  if (before === 0) return `none in ${span}`
  const ratio = now / before
  // ten times as many has no useful percentage
  if (ratio >= 10) return `${compact.format(ratio)} times as many as in ${span}`
  return `${share.format(Math.abs(ratio - 1))} ${ratio > 1 ? 'more' : 'fewer'} than in ${span}`
}

/** What is named in the plural, for so many: "ban", "address", "bans". */
export const unitFor = (count: number, unit: string): string =>
  count === 1 ? unit.replace(/(?:(?<=ss)e)?s$/, '') : unit

/** "1 ban", "1 address", "9 bans": a count of what is named in the plural. */
export const formatCount = (count: number, unit: string): string =>
  `${formatNumber(count)} ${unitFor(count, unit)}`

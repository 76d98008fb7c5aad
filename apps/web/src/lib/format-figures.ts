import { formatNumber } from './format.ts'

const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 })
const percent = new Intl.NumberFormat(undefined, {
  style: 'percent',
  maximumFractionDigits: 0,
  signDisplay: 'exceptZero',
})
const share = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 })

/** A figure for an axis: "1.2K". */
export const formatCompact = (value: number): string => compact.format(value)

/** A part of a whole: "12%"; what is there but rounds to nothing is "<1%". */
export function formatShare(part: number, whole: number): string {
  if (part <= 0 || whole <= 0) return share.format(0)
  return part / whole < 0.01 ? `<${share.format(0.01)}` : share.format(part / whole)
}

/** How a figure differs from the one before: "+12%", "−5%", "no change", "none" where there was nothing; many times more has no useful percentage. */
export function formatChange(now: number, before: number): string {
  if (now === before) return 'no change'
  if (before === 0) return 'none'
  const ratio = now / before
  return ratio >= 10 ? `${compact.format(ratio)} times` : percent.format(ratio - 1)
}

/** What is named in the plural, for so many: "ban", "address", "bans". */
export const unitFor = (count: number, unit: string): string =>
  count === 1 ? unit.replace(/(?:(?<=ss)e)?s$/, '') : unit

/** "1 ban", "1 address", "9 bans": a count of what is named in the plural. */
export const formatCount = (count: number, unit: string): string =>
  `${formatNumber(count)} ${unitFor(count, unit)}`

import type { CountryStats, CountryMeasure, Range } from '@bangui/shared'
import { formatCount } from '../lib/format-counts.ts'
import { inRange } from './range-text.ts'

type MeasureWords = { segment: string; title: string; unit: string; about: (range: Range) => string }

const words: Readonly<Record<CountryMeasure, MeasureWords>> = {
  bans: {
    segment: 'Bans',
    title: 'Bans by country',
    unit: 'bans',
    about: (range) => `Every ban ${inRange(range)}, by the country known at the time of the ban.`,
  },
  addresses: {
    segment: 'Addresses',
    title: 'Banned addresses by country',
    unit: 'addresses',
    about: (range) => `Each address that was banned ${inRange(range)}, once.`,
  },
  active: {
    segment: 'Banned now',
    title: 'Addresses banned now by country',
    unit: 'addresses',
    about: () => 'Each address that is currently banned, regardless of the time range.',
  },
}

/** Returns the texts of a measure. */
export const describeMeasure = (measure: CountryMeasure): MeasureWords => words[measure]

/** Returns the name of a map. */
export const nameOfMap = (measure: CountryMeasure, range: Range): string =>
  measure === 'active' ? words.active.title : `${words[measure].title} ${inRange(range)}`

const isMeasure = (text: string | undefined): text is CountryMeasure =>
  text !== undefined && Object.hasOwn(words, text)

/** Returns the measure in the page's URL; the number of bans if it is invalid. */
export const readMeasure = (text: string | undefined): CountryMeasure => (isMeasure(text) ? text : 'bans')

/** Returns the measure as a URL parameter; bans, the default, need none. */
export const writeMeasure = (measure: CountryMeasure): string | undefined =>
  measure === 'bans' ? undefined : measure

/** The choices of the segmented control. */
export const measureSegments = Object.keys(words)
  .filter(isMeasure)
  .map((value) => ({ value, label: words[value].segment }))

/** Returns the value of a measure for a country. */
export const countOf = ({ bans, addresses }: CountryStats, measure: CountryMeasure): number =>
  measure === 'bans' ? bans : (addresses ?? 0)

/** Returns the total of a country as text; `value` undefined: unknown yet. */
export function describeCountry({ measure, range, value }: CountryTotal): string {
  const { unit } = words[measure]
  const many = value === undefined ? capitalize(unit) : formatCount(value, unit)
  if (measure === 'active') return `${many} banned now`
  return `${many}${measure === 'addresses' ? ' banned' : ''} ${inRange(range)}`
}

type CountryTotal = { measure: CountryMeasure; range: Range; value: number | undefined }

const capitalize = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

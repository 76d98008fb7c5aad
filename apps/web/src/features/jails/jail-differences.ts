import { type JailDetail, type JailTuningNow, parseAddress } from '@bangui/shared'
import { formatDuration, formatNumber } from '../../lib/format.ts'

/** A setting whose value in effect differs from the files. */
export type Difference = { key: string; now: string; configured: string }

const times = new Set(['bantime', 'findtime'])

/** Returns a value of a jail as text. */
export function describeValue(key: string, value: string | number | null): string {
  if (value === null) return 'none'
  if (typeof value === 'string' && !/^-?\d+$/.test(value)) return value === '' ? 'empty' : value
  const number = Number(value)
  if (!times.has(key)) return formatNumber(number)
  return number < 0 ? 'permanent' : formatDuration(number)
}

const numbers = ['bantime', 'findtime', 'maxretry'] as const

/** Returns where a running jail differs from its files, until its next load. */
export function differencesOf(
  detail: JailDetail | undefined,
  now: JailTuningNow | undefined,
): readonly Difference[] {
  const configured = detail?.configured
  if (!configured || !now) return []
  const changed = numbers.flatMap((key) => {
    const [own, file] = [now[key], configured[key]]
    if (own === undefined || file === null || own === file) return []
    return [{ key, now: describeValue(key, own), configured: describeValue(key, file) }]
  })
  const others = detail.settings.flatMap(({ key, value, inForce }) =>
    inForce === undefined || isNumber(key) || key === 'ignoreip'
      ? []
      : [{ key, now: describeValue(key, inForce), configured: value }],
  )
  return [...changed, ...others, ...ignoreDifference(detail, now)]
}

const isNumber = (key: string) => numbers.some((number) => number === key)

function ignoreDifference({ settings }: JailDetail, now: JailTuningNow): readonly Difference[] {
  const text = settings.find(({ key }) => key === 'ignoreip')?.value ?? ''
  const plain = (word: string) => parseAddress(word)?.text ?? word
  const words = text.split(/[\s,]+/).filter((word) => word !== '' && !word.startsWith('file:'))
  const configured = new Set(words.map(plain))
  const added = now.ignored.filter((entry) => !configured.has(entry))
  const removed = [...configured].filter((entry) => !now.ignored.includes(entry))
  if (added.length === 0 && removed.length === 0) return []
  const parts = [
    added.length > 0 && `also ${added.join(', ')}`,
    removed.length > 0 && `not ${removed.join(', ')}`,
  ].filter((part) => part !== false)
  return [{ key: 'ignoreip', now: parts.join('; '), configured: text || 'empty' }]
}

import { parseAddress, type SettingChange } from '@bangui/shared'
import { foldHostTags } from '../filter-commands.ts'
import type { JailTuning } from '../models/edit-models.ts'
import type { StateDifference } from '../jail-state.ts'
import type { JailNumber } from '../tuning-commands.ts'

const numbers: ReadonlySet<string> = new Set<JailNumber>(['bantime', 'findtime', 'maxretry'])

/** Returns what a load changes in a running jail, with whether each change was requested, or can be avoided. */
export const settingChanges = (differences: readonly StateDifference[], asked: JailTuning): SettingChange[] =>
  differences.map((difference) => ({ ...shown(difference), kind: kindOf(difference, asked) }))

function kindOf(difference: StateDifference, asked: JailTuning): SettingChange['kind'] {
  const { key, now, after } = difference
  if (key === 'ignoreip') {
    const isAsked = now === null ? isIn(after, asked.addIgnored) : isIn(now, asked.removeIgnored)
    if (isAsked) return 'asked'
    return canonical(now ?? after) === undefined ? 'lost' : 'temporary'
  }
  if (!numbers.has(key)) return 'lost'
  return asked[key as JailNumber] === undefined ? 'temporary' : 'asked'
}

const canonical = (text: string | null) => (text === null ? undefined : parseAddress(text)?.text)

const isIn = (text: string | null, list: readonly string[] = []) =>
  text !== null && list.includes(canonical(text) ?? text)

const shown = ({ key, now, after }: StateDifference): StateDifference =>
  key.endsWith('regex')
    ? { key, now: now && foldHostTags(now), after: after && foldHostTags(after) }
    : { key, now, after }

/** Returns the tuning that gives a jail back, after a load, what had been changed until then and was not asked for. */
export function temporaryTuning(changes: readonly SettingChange[]): JailTuning {
  const temporary = changes.filter(({ kind }) => kind === 'temporary')
  const number = (key: JailNumber) => {
    const now = temporary.find((change) => change.key === key)?.now
    return now === undefined || now === null || !/^-?\d+$/.test(now) ? undefined : Number(now)
  }
  const entries = temporary.filter(({ key }) => key === 'ignoreip')
  return {
    bantime: number('bantime'),
    findtime: number('findtime'),
    maxretry: number('maxretry'),
    addIgnored: entries.flatMap(({ now }) => canonical(now) ?? []),
    removeIgnored: entries.flatMap(({ after }) => canonical(after) ?? []),
  }
}

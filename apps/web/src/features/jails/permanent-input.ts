import type { SettingChange } from '@bangui/shared'

/** What happens to a value that was changed until the next load. */
export type Choice = 'keep' | 'write' | 'end'

/** What was changed in the form of a jail. */
export type TuneChanges = {
  bantime?: string | number
  findtime?: string | number
  maxretry?: number
  addIgnored?: string[]
  removeIgnored?: string[]
}

/** Returns a key that identifies a change of a jail. */
export const idOf = ({ key, now, after }: SettingChange): string =>
  key === 'ignoreip' ? `${key} ${now ?? after}` : key

/** Returns the input that makes changes permanent, with the values that are also written, or that end. */
export function inputOf(
  changes: TuneChanges,
  temporary: readonly SettingChange[],
  choices: Readonly<Record<string, Choice>>,
): TuneChanges & { giveUp?: string[] } {
  const chosen = (choice: Choice) => temporary.filter((change) => choices[idOf(change)] === choice)
  const written = chosen('write')
  const numbers = Object.fromEntries(
    written.flatMap(({ key, now }) => (key === 'ignoreip' || now === null ? [] : [[key, Number(now)]])),
  ) as Pick<TuneChanges, 'bantime' | 'findtime' | 'maxretry'>
  const entries = written.filter(({ key }) => key === 'ignoreip')
  const add = [...(changes.addIgnored ?? []), ...entries.flatMap(({ now }) => now ?? [])]
  const remove = [...(changes.removeIgnored ?? []), ...entries.flatMap(({ after }) => after ?? [])]
  const giveUp = chosen('end').map(({ key, now, after }) => (key === 'ignoreip' ? (now ?? after ?? '') : key))
  return {
    ...numbers,
    ...changes,
    ...(add.length > 0 && { addIgnored: add }),
    ...(remove.length > 0 && { removeIgnored: remove }),
    ...(giveUp.length > 0 && { giveUp }),
  }
}

import type { Fail2banConfig } from '../config/config-model.ts'
import { hasChangedWords, plainWord, splitWords, type WordChange } from '../config/edit-words.ts'
import { evaluatedSeconds } from '../config/evaluated-seconds.ts'
import { interpolate } from '../config/interpolate.ts'
import { isDurationOption } from '../config/options.ts'
import { decidingPlace, type WantedOption } from '../config/plan-options.ts'
import type { JailTuning } from '../models/edit-models.ts'
import { removableOnly, usableOnly } from './canonical-addresses.ts'
import { checkedNumbers } from './jail-settings.ts'

/** Returns the options that give a jail new settings. @throws CommandError for a value that fail2ban cannot take */
export function wantedOptions(settings: JailTuning): WantedOption[] {
  const numbers = checkedNumbers(settings).map(({ key, value }) => ({ key, value: String(value) }))
  const add = usableOnly(settings.addIgnored ?? [])
  const remove = removableOnly(settings.removeIgnored ?? [])
  if (add.length === 0 && remove.length === 0) return numbers
  return [...numbers, { key: 'ignoreip', words: { add, remove } }]
}

/** Says which option a changed configuration does not have as wanted, and which file decides it; null: all are. */
export function shadowedOption(
  changed: Fail2banConfig,
  { name, options, live }: { name: string; options: readonly WantedOption[]; live: string },
): string | null {
  const lost = options.find((option) => !isSet(changed, name, option))
  if (lost === undefined) return null
  const found = decidingPlace(changed, { name, key: lost.key }, live)
  if (found === null) return `${lost.key} of ${name} cannot be set.`
  const kept = 'words' in lost ? keptIn(found.value, lost.words) : []
  if (kept.length > 0)
    return `${kept.join(', ')} cannot be removed from the ignore list of ${name}: ${found.place} has it through a reference to another value. Change it there.`
  return `${lost.key} of ${name} cannot be set: ${found.place} is read later and sets it to ${found.value}. Change it there.`
}

/** Returns the entries that should have been removed and are still there. */
const keptIn = (value: string, { remove }: WordChange) => {
  const there = new Set(splitWords(value).map(plainWord))
  return remove.filter((word) => there.has(plainWord(word)))
}

/** Returns whether an option has this value, however it is written, or the words that it should. */
export function isSet(config: Fail2banConfig, name: string, option: WantedOption): boolean {
  const { key } = option
  const found = interpolate(config.jail, name, key)
  if ('words' in option)
    return (found?.problem ?? null) === null && hasChangedWords(splitWords(found?.value ?? ''), option.words)
  return found !== undefined && found.problem === null && plain(key, found.value) === plain(key, option.value)
}

/** An option in `[DEFAULT]` may change there: the jail's own section has to contain it. */
export const isOwn = (config: Fail2banConfig, name: string, option: WantedOption): boolean =>
  config.jail.sections.get(name)?.options.has(option.key) === true && isSet(config, name, option)

function plain(key: string, value: string): string {
  if (isDurationOption(key)) {
    const seconds = evaluatedSeconds(value)
    return seconds.kind === 'number' ? String(seconds.value) : value
  }
  return value.trim()
}

import type { SavedChange } from '@bangui/shared'
import type { Fail2banConfig } from '../config/config-model.ts'
import { hasChangedWords, plainWord, splitWords, type WordChange } from '../config/edit-words.ts'
import { evaluatedSeconds } from '../config/evaluated-seconds.ts'
import { interpolate } from '../config/interpolate.ts'
import { hasJail } from '../config/list-jails.ts'
import { isDurationOption } from '../config/options.ts'
import { decidingPlace, planOptions, type WantedOption } from '../config/plan-options.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { isEnabled } from '../config/switch-jail.ts'
import { JailUnknownError } from '../errors.ts'
import type { JailTuning } from '../host.ts'
import { canonicalOnly, usableOnly } from './ban-verbs.ts'
import type { HostContext } from './context.ts'
import { findDaemon, listDaemonJails } from './daemon.ts'
import { checkedNumbers } from './jail-settings.ts'
import { assertMayChange, saveChange, stageChange } from './stage-change.ts'

/** The jail for bans by hand that last longer than a jail's own. */
const MANUAL_JAIL = 'bangui'

/** It reads nothing: polling never looks at who else writes to /dev/null, and needs no journal. */
const manualJailOptions: readonly WantedOption[] = [
  { key: 'enabled', value: 'true' },
  { key: 'filter', value: '' },
  { key: 'logpath', value: '/dev/null' },
  { key: 'backend', value: 'polling' },
  { key: 'bantime', value: '-1' },
]

/**
 * Stages, tests and rehearses new settings of a jail, then saves what stands. Undefined: they are so already.
 * @throws CommandError for a bad value, ConfigRefusedError, JailUnknownError, ConfigReadOnlyError
 */
export async function prepareSettings(
  context: HostContext,
  name: string,
  settings: JailTuning,
): Promise<SavedChange | undefined> {
  const wanted = wantedOptions(settings)
  assertMayChange(context)
  const config = await readFail2banConfig(context.configDir)
  if (!hasJail(config, name)) throw new JailUnknownError(name)
  const options = wanted.filter((option) => !isSet(config, name, option))
  return options.length === 0
    ? undefined
    : prepareOptions(context, { name, enabled: isEnabled(config, name), options })
}

/**
 * Prepares the jail `bangui`, with the action that all jails have by default. Undefined: it is there and on.
 * @throws ConfigRefusedError, ConfigReadOnlyError
 */
export async function prepareManualJail(context: HostContext): Promise<SavedChange | undefined> {
  assertMayChange(context)
  const name = MANUAL_JAIL
  const config = await readFail2banConfig(context.configDir)
  const isOn = hasJail(config, name) && isEnabled(config, name)
  if (isOn && (await runsWherePossible(context, name))) return undefined
  const options = isOn ? [] : manualJailOptions.filter((option) => !isOwn(config, name, option))
  return prepareOptions(context, { name, enabled: true, options })
}

function wantedOptions(settings: JailTuning): WantedOption[] {
  const numbers = checkedNumbers(settings).map(({ key, value }) => ({ key, value: String(value) }))
  const add = usableOnly(settings.addIgnored ?? [])
  const remove = canonicalOnly(settings.removeIgnored ?? []).map(({ text }) => text)
  if (add.length === 0 && remove.length === 0) return numbers
  return [...numbers, { key: 'ignoreip', words: { add, remove } }]
}

async function prepareOptions(
  context: HostContext,
  change: { readonly name: string; readonly enabled: boolean; readonly options: readonly WantedOption[] },
): Promise<SavedChange> {
  const { name, enabled, options } = change
  const staged = await stageChange(context, {
    name,
    enabled,
    plan: (config) => planOptions(config, name, options),
    whatStillWins: (changed) => overruled(changed, { name, options, live: context.configDir }),
  })
  return saveChange(context, { name, enabled }, staged)
}

function overruled(
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
  return `${lost.key} of ${name} cannot be set: ${found.place} is read later and says ${found.value}. Change it there.`
}

/** The words that should have gone and are still there. */
const keptIn = (value: string, { remove }: WordChange) => {
  const there = new Set(splitWords(value).map(plainWord))
  return remove.filter((word) => there.has(plainWord(word)))
}

/** Whether an option has this value, however it is written, or the words that it should. */
function isSet(config: Fail2banConfig, name: string, option: WantedOption): boolean {
  const { key } = option
  const found = interpolate(config.jail, name, key)
  if ('words' in option)
    return (found?.problem ?? null) === null && hasChangedWords(splitWords(found?.value ?? ''), option.words)
  return found !== undefined && found.problem === null && plain(key, found.value) === plain(key, option.value)
}

/** What a jail of its own takes from `[DEFAULT]` may change there: it has to be in its section. */
const isOwn = (config: Fail2banConfig, name: string, option: WantedOption): boolean =>
  config.jail.sections.get(name)?.options.has(option.key) === true && isSet(config, name, option)

function plain(key: string, value: string): string {
  if (isDurationOption(key)) {
    const seconds = evaluatedSeconds(value)
    return seconds.kind === 'number' ? String(seconds.value) : value
  }
  return value.trim()
}

async function runsWherePossible(context: HostContext, name: string): Promise<boolean> {
  if ((await findDaemon(context)).state !== 'up') return true
  return (await listDaemonJails(context)).includes(name)
}

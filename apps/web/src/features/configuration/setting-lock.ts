import type { SettingsPart } from './config-part.ts'
import { splitReferences } from '@bangui/shared'
import { neverReasons } from './daemon-notes.ts'
import { type FieldContext, referredOption } from './field-context.ts'
import type { SettingLine } from './group-settings.ts'
import { hasPlainParameter } from './reference-parameters.ts'

/** A setting on a page. */
export interface PlacedSetting {
  readonly part: SettingsPart
  readonly line: SettingLine
  readonly context: FieldContext
}

/** Returns why a setting cannot be changed on this host, as the rest of a sentence; undefined: it can. */
export function lockOf(setting: PlacedSetting): string | undefined {
  const { line, context } = setting
  if (line.option?.privilege === 'never') {
    const reason = neverReasons[line.key]
    return reason === undefined ? 'is never changed by BanGUI.' : `is never changed by BanGUI: ${reason}`
  }
  if (context.sources.write === 'all' || !isForAllOnly(setting)) return undefined
  return `needs BANGUI_CONFIG_WRITE=all on the host: ${whyAll(setting)}`
}

/** Returns whether only `BANGUI_CONFIG_WRITE=all` allows to change an option, whatever the value. */
function isForAllOnly({ part, line, context }: PlacedSetting): boolean {
  if (part.kind === 'action') return true
  if (line.key === 'action') return !mayChangeParameters({ line, context })
  // the parts of a filter's expressions have names of their own
  if (part.kind === 'filter') return false
  return line.option === undefined || line.option.privilege === 'all'
}

/** Returns whether one of the actions has a plain parameter, also those that a ready-made option gives. */
function mayChangeParameters({ line, context }: Pick<PlacedSetting, 'line' | 'context'>): boolean {
  const words = splitReferences(line.setting?.raw ?? '')
  const rawOf = (option: string | undefined) => context.settings.find(({ key }) => key === option)?.raw ?? ''
  return words.some((word) => hasPlainParameter(word) || hasPlainParameter(rawOf(referredOption(word))))
}

function whyAll({ part, line }: PlacedSetting): string {
  if (part.kind === 'action') return 'the files of actions contain the commands that fail2ban runs as root.'
  if (line.key === 'action')
    return 'actions run commands as root. The ports, the protocol and the blocking action are options of their own, and can be changed without this setting.'
  return 'this option can run commands or write files as root.'
}

/** The values to choose from; undefined: any value can be typed. */
export function choicesOf({ line, context }: PlacedSetting): readonly string[] | undefined {
  const { write, actions } = context.sources
  const choices = line.option?.choices
  if (line.option?.type === 'choice' || choices === undefined) return choices
  if (write === 'all') return undefined
  const isAction = line.key.startsWith('banaction')
  return isAction ? choices.filter((name) => actions?.some((each) => each.name === name)) : choices
}

import { type EffectiveSetting, type SetEdit, showHidden } from '@bangui/shared'
import type { SettingsPart } from './config-part.ts'
import { editOf } from './draft.ts'
import type { SettingLine } from './group-settings.ts'
import type { CatalogueOption, OptionScope } from './option-words.ts'
import type { PartSources } from './part-sources.ts'

/** What a field knows of the page that it is on. */
export interface FieldContext {
  readonly part: SettingsPart
  readonly settings: readonly EffectiveSetting[]
  readonly options: Readonly<Record<OptionScope, readonly CatalogueOption[]>>
  readonly sources: PartSources
  /** the part is in the draft only */
  readonly isNew?: boolean
}

/** Returns the effective value of an option of the part itself. */
export function valueIn({ part, settings }: FieldContext, key: string): string | undefined {
  const section = part.kind === 'jail' ? part.name : part.kind === 'default' ? 'DEFAULT' : undefined
  const found = settings.find((each) => each.key === key && (!section || each.section === section))
  return found === undefined || found.hidden === true ? undefined : found.value
}

/** Returns a text with the references to other options filled in, as far as they are known. */
export const filledIn = (context: FieldContext, text: string): string =>
  text.replaceAll(/%\(([\w./-]+)\)s/g, (whole, key: string) =>
    key === '__name__' && context.part.kind === 'jail' ? context.part.name : (valueIn(context, key) ?? whole),
  )

/** Returns the option that a text is nothing but a reference to; undefined: it is something else. */
export const referredOption = (text: string): string | undefined =>
  /^%\(([\w./-]+)\)s$/.exec(text.trim())?.[1]

/** Returns a value for people: empty texts have a word. */
export const shownValue = (text: string): string => (text === '' ? '(empty)' : showHidden(text))

/** Returns the edit that gives a setting of a page a value, as `editOf` does; what is in the draft only has no state on disk. */
export function editIn({ part, isNew }: FieldContext, line: SettingLine, value: string | null): SetEdit {
  const { base, ...edit } = editOf(part, line, value)
  return isNew === true ? edit : { ...edit, base }
}

import { parseDuration } from '@bangui/shared'
import { actionCatalogue } from './catalogue/action-options.ts'
import type { CatalogueOption } from './catalogue/catalogue-option.ts'
import { fail2banCatalogue } from './catalogue/fail2ban-options.ts'
import { filterCatalogue } from './catalogue/filter-options.ts'
import { jailCatalogue } from './catalogue/jail-options.ts'

const keysOf = (options: readonly CatalogueOption[], type?: CatalogueOption['type']): string[] =>
  options.flatMap((option) => (type === undefined || option.type === type ? [option.key] : []))

/** The options of a filter that fail2ban reads, of its file and of a jail, in its order (`filterreader.py`, 0.11.2 to 1.1.1). */
export const filterOptions: readonly string[] = keysOf(filterCatalogue)

/** The options of a jail that fail2ban reads itself, in its order (`jailreader.py`, 0.11.2 to 1.1.1). */
export const jailOptions: readonly string[] = [...keysOf(jailCatalogue), ...filterOptions]

/** The options of a jail that are yes or no. */
export const switchOptions: ReadonlySet<string> = new Set(keysOf(jailCatalogue, 'switch'))

/** The options of a jail that are whole numbers. */
export const wholeOptions: ReadonlySet<string> = new Set(
  keysOf([...jailCatalogue, ...filterCatalogue], 'whole number'),
)

/** The options of `[Definition]` that fail2ban reads of an action, in its order (`actionreader.py`, 0.11.2 to 1.1.1). */
export const actionOptions: ReadonlySet<string> = new Set(keysOf(actionCatalogue))

const durationOptions = new Set(keysOf([...jailCatalogue, ...fail2banCatalogue], 'seconds'))

/** Returns whether fail2ban evaluates this option as an expression for seconds. */
export const isDurationOption = (key: string): boolean => durationOptions.has(key.toLowerCase())

/** Returns whether a text is a duration that may be handed to fail2ban, which evaluates it as Python. */
export const isSafeDuration = (text: string): boolean => parseDuration(text) !== undefined

/** Reads fail2ban's words for yes (`1`, `on`, `true`, `yes`); everything else is no (`helpers.py`, `_as_bool`). */
export const isYes = (text: string): boolean => ['1', 'on', 'true', 'yes'].includes(text.toLowerCase())

import { parseDuration } from '@bangui/shared'
import type { CatalogueOption } from './option-words.ts'

/** Returns what is wrong with a value, as a sentence; undefined: nothing that can be seen without fail2ban. */
export function checkValue(value: string, option: CatalogueOption | undefined): string | undefined {
  if (/[^\P{Cc}\n\t]/u.test(value)) return 'The value contains a control character.'
  if (option === undefined) return undefined
  const { pattern, says } = option.grammar
  const isPlain =
    option.type === 'seconds'
      ? parseDuration(value) !== undefined
      : pattern === null || new RegExp(pattern).test(value)
  return isPlain ? undefined : `The value must be ${says}.`
}

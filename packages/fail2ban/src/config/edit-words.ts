import { parseAddress } from '@bangui/shared'
import { ConfigUnwritableError } from '../errors.ts'
import { assertOthersUnchanged, findOption } from './edit-ini.ts'
import { parseIni, withoutComment, type IniLine, type IniOption } from './ini-file.ts'
import { indentOf } from './python-text.ts'

/** Words that an option that is a list, such as `ignoreip`, gets and loses. Addresses are compared in every spelling. */
export interface WordChange {
  readonly add: readonly string[]
  readonly remove: readonly string[]
}

/** The words of a list as fail2ban splits it: at spaces, commas and line ends (`helpers.py`, `splitwords`). */
export const splitWords = (value: string): string[] => value.split(/[\s,]+/).filter((word) => word !== '')

/** One text for all spellings of an address or network; any other word as it is. */
export const plainWord = (word: string): string => parseAddress(word)?.text ?? word

/** Returns whether a list has all the words that a change adds and none that it removes. */
export function hasChangedWords(words: readonly string[], { add, remove }: WordChange): boolean {
  const there = new Set(words.map(plainWord))
  return add.every((word) => there.has(plainWord(word))) && !remove.some((word) => there.has(plainWord(word)))
}

/**
 * Changes a list in one line, such as a value that is to be copied, and returns its text. New words go before the
 * first word that stands for other words: fail2ban 1.1.1 refuses every word after a `file:`.
 */
export function changeWords(value: string, change: WordChange): string {
  const words = keptWords(splitWords(value), change)
  const at = words.findIndex(standsForOthers)
  return words.toSpliced(at === -1 ? words.length : at, 0, ...addedWords(splitWords(value), change)).join(' ')
}

/**
 * Changes the words of an option in the text of a fail2ban file that sets it, and returns the new text. Every other word
 * stays where it is, with comments, indentation and line ends.
 * @throws ConfigUnwritableError when other settings would change with it
 */
export function editWords(
  text: string,
  { section, key }: { readonly section: string; readonly key: string },
  change: WordChange,
): string {
  const before = parseIni(text)
  const option = findOption(before, section, key)
  if (option === undefined) throw new ConfigUnwritableError(`${key} is not set in [${section}].`)
  const lines = [...before.lines]
  const emptied = removeWords(lines, option, change)
  addWords(lines, option, addedWords(splitWords(option.value), change))
  const result = lines
    .filter((_, index) => !emptied.has(index + 1))
    .map((line) => line.text + line.end)
    .join('')
  const after = parseIni(result)
  assertOthersUnchanged({ before, after }, { section, key })
  const wanted = splitWords(changeWords(option.value, change)).toSorted()
  if (
    splitWords(findOption(after, section, key)?.value ?? '')
      .toSorted()
      .join(' ') !== wanted.join(' ')
  )
    throw new ConfigUnwritableError(
      `BanGUI cannot change the entries of ${key} in [${section}]. Edit the file yourself.`,
    )
  return result
}

function keptWords(words: readonly string[], { remove }: WordChange): string[] {
  const removed = new Set(remove.map(plainWord))
  return words.filter((word) => !removed.has(plainWord(word)))
}

/** Returns the words that are not in the list yet. */
function addedWords(words: readonly string[], change: WordChange): string[] {
  const there = new Set(keptWords(words, change).map(plainWord))
  return [...new Set(change.add)].filter((word) => !there.has(plainWord(word)))
}

const standsForOthers = (word: string) => word.startsWith('file:') || word.includes('%(')

/** Where the value of an option stands in one of its lines. */
interface Span {
  readonly from: number
  readonly to: number
}

function spanOf({ text }: IniLine, isFirst: boolean): Span {
  const to = indentOf(text) + withoutComment(text).value.length
  const from = isFirst ? (/^[^=:]*[=:]\s*/.exec(text)?.[0].length ?? to) : indentOf(text)
  return { from: Math.min(from, to), to }
}

const numbersOf = (option: IniOption) => [option.line, ...option.continuation]

/** Returns the numbers of the lines of which nothing is left. */
function removeWords(lines: IniLine[], option: IniOption, change: WordChange): Set<number> {
  const removed = new Set(change.remove.map(plainWord))
  const emptied = new Set<number>()
  for (const number of numbersOf(option)) {
    const line = lines[number - 1]
    if (line === undefined) continue
    const { from, to } = spanOf(line, number === option.line)
    const value = line.text.slice(from, to)
    if (!splitWords(value).some((word) => removed.has(plainWord(word)))) continue
    const kept = withoutWords(value, removed)
    const rest = line.text.slice(to)
    if (number !== option.line && kept === '' && rest.trim() === '') emptied.add(number)
    lines[number - 1] = { ...line, text: line.text.slice(0, from) + kept + rest }
  }
  return emptied
}

/** The separators after a word go with it, after the last one those before it. */
function withoutWords(value: string, removed: ReadonlySet<string>): string {
  const kept = value.replaceAll(/([^\s,]+)([\s,]*)/g, (whole, word: string) =>
    removed.has(plainWord(word)) ? '' : whole,
  )
  return value.endsWith(kept) ? kept : kept.replace(/[\s,]+$/, '')
}

function addWords(lines: IniLine[], option: IniOption, words: readonly string[]): void {
  if (words.length === 0) return
  const numbers = numbersOf(option)
  for (const number of numbers) {
    const line = lines[number - 1]
    if (line === undefined) continue
    const span = spanOf(line, number === option.line)
    const first = [...line.text.slice(span.from, span.to).matchAll(/[^\s,]+/g)].find(([word]) =>
      standsForOthers(word),
    )
    if (first === undefined) continue
    const at = span.from + first.index
    lines[number - 1] = insertText(line, at, `${words.join(' ')} `)
    return
  }
  const last =
    numbers.findLast((number) => hasValue(lines[number - 1], number === option.line)) ?? option.line
  const line = lines[last - 1]
  if (line === undefined) return
  const { from, to } = spanOf(line, last === option.line)
  const gap =
    from === to ? (/\s$/.test(line.text.slice(0, to)) ? '' : ' ') : separatorOf(line.text.slice(from, to))
  lines[last - 1] = insertText(line, to, gap + words.join(gap.trim() === '' ? ' ' : gap))
}

const separatorOf = (value: string) => /,\s*/.exec(value)?.[0] ?? ' '

function hasValue(line: IniLine | undefined, isFirst: boolean): boolean {
  if (line === undefined) return false
  const { from, to } = spanOf(line, isFirst)
  return to > from
}

const insertText = (line: IniLine, at: number, text: string): IniLine => ({
  ...line,
  text: line.text.slice(0, at) + text + line.text.slice(at),
})

import { isJailName } from '@bangui/shared'
import { ConfigRefusedError, ConfigUnwritableError } from '../errors.ts'
import { parseIni, splitLines, withoutComment } from './ini-file.ts'
import type { IniFile, IniLine, IniOption, IniSection } from './ini-file.ts'
import { isDurationOption, isSafeDuration } from './options.ts'
import { indentOf, strip } from './python-text.ts'

const MAX_VALUE = 64 * 1024

/** One option of a section; several lines of a value are joined with `\n`. */
export interface NewOption {
  readonly section: string
  readonly key: string
  readonly value: string
}

/**
 * Sets one option in the text of a fail2ban file and gives the new text: only the lines of that option change, or one line
 * is added (with its section at the end, where it is missing). Line ends, indentation and comments stay.
 * @throws ConfigRefusedError for a value that fail2ban would not read as it was given, ConfigUnwritableError when other
 * settings would change with it
 */
export function setOption(text: string, option: NewOption): string {
  const { section, key, value } = option
  assertNames(section, key)
  assertValue(key, value)
  const file = parseIni(text)
  const isThere = findOption(file, section, key) !== undefined
  const lines = isThere ? replace(file, option) : endedLike(file, insert(file, option))
  return checked(file, joinLines(lines), { section, key, value })
}

/** Removes one option from the text of a fail2ban file, wherever it is set; comments stay. A text without it comes back as it was. */
export function removeOption(text: string, section: string, key: string): string {
  assertNames(section, key)
  const file = parseIni(text)
  const options = optionsOf(file, section, key)
  if (options.length === 0) return text
  const removedLines = new Set(options.flatMap((option) => [option.line, ...option.continuation]))
  const lines = endedLike(
    file,
    file.lines.filter((_, index) => !removedLines.has(index + 1)),
  )
  return checked(file, joinLines(lines), { section, key, value: undefined })
}

/** Returns the text of lines. */
export const joinLines = (lines: readonly IniLine[]) => lines.map((line) => line.text + line.end).join('')

/** Returns the sections of a name: a section may occur twice. */
export const sectionsNamed = (file: IniFile, name: string) =>
  file.sections.filter((section) => section.name === name)

const optionsOf = (file: IniFile, section: string, key: string): IniOption[] =>
  sectionsNamed(file, section).flatMap(({ options }) =>
    options.filter((option) => option.key === key.toLowerCase()),
  )

/** Returns the option of a section that counts, the last one where a key is there twice, or undefined. */
export const findOption = (file: IniFile, section: string, key: string): IniOption | undefined =>
  optionsOf(file, section, key).at(-1)

function replace(file: IniFile, { section, key, value }: NewOption): IniLine[] {
  const option = findOption(file, section, key)
  const old = option && file.lines[option.line - 1]
  if (option === undefined || old === undefined) return [...file.lines]
  const before = /^[^=:]*[=:][^\S\r\n]*/.exec(old.text)?.[0] ?? ''
  const indent = continuationIndent(file, option)
  const [first = '', ...others] = value.split('\n')
  const end = old.end === '' ? lineEnd(file) : old.end
  // an empty value leaves open whether a space is wanted
  const isEmpty = withoutComment(old.text).value === strip(before)
  const gap = isEmpty && first !== '' && /\s[=:]$/.test(before) ? ' ' : ''
  const texts = [before + gap + first + comment(old.text), ...others.map((line) => indent + line)]
  const removedLines = new Set(option.continuation)
  const isLast = option.line + removedLines.size === file.lines.length
  return file.lines.flatMap((line, index) => {
    if (removedLines.has(index + 1)) return []
    if (line !== old) return [line]
    return texts.map((text, at) => ({ text, end: at === texts.length - 1 && isLast ? lastEnd(file) : end }))
  })
}

const lastEnd = (file: IniFile) => file.lines.at(-1)?.end ?? '\n'

/** The comment at the end of a line with the white space before it. */
function comment(text: string): string {
  const { value, commented } = withoutComment(text)
  return commented ? text.slice(indentOf(text) + value.length) : ''
}

function continuationIndent(file: IniFile, option: IniOption): string {
  const own = /^\s*/.exec(file.lines[option.line - 1]?.text ?? '')?.[0] ?? ''
  for (const line of option.continuation) {
    const found = /^(\s+)\S/.exec(file.lines[line - 1]?.text ?? '')?.[1]
    if (found !== undefined && found.startsWith(own) && found !== own) return found
  }
  return `${own}    `
}

function insert(file: IniFile, option: NewOption): IniLine[] {
  const { section } = option
  const end = lineEnd(file)
  const target = sectionsNamed(file, section).at(-1)
  if (target === undefined) {
    const gap = file.lines.length === 0 || isBlank(file.lines.at(-1)) ? [] : [{ text: '', end }]
    return [...ended(file.lines, end), ...gap, { text: `[${section}]`, end }, ...optionLines('', option, end)]
  }
  const at = lastLineOf(target)
  const last = target.options.at(-1)?.line ?? target.line
  const indent = /^\s*/.exec(file.lines[last - 1]?.text ?? '')?.[0] ?? ''
  const before = file.lines.slice(0, at)
  return [...ended(before, end), ...optionLines(indent, option, end), ...file.lines.slice(at)]
}

/** Returns lines of which the last has an end only where that of the file has one, or the file is empty. */
function endedLike(file: IniFile, lines: readonly IniLine[]): readonly IniLine[] {
  const last = lines.at(-1)
  if (file.lines.at(-1)?.end !== '' || last === undefined) return lines
  return [...lines.slice(0, -1), { ...last, end: '' }]
}

/** Returns whether a line has nothing but white space. */
export const isBlank = (line: IniLine | undefined) => line !== undefined && strip(line.text) === ''

/** Returns the number of the last line that holds a part of a section, its header or an option. */
export function lastLineOf(section: IniSection): number {
  const last = section.options.at(-1)
  return last === undefined ? section.line : (last.continuation.at(-1) ?? last.line)
}

function optionLines(indent: string, { key, value }: NewOption, end: string): IniLine[] {
  return splitLines(`${indent}${key} = ${value.replaceAll('\n', `\n${indent}    `)}\n`).map(({ text }) => ({
    text,
    end,
  }))
}

/** Returns how the lines of a file end. */
export const lineEnd = (file: IniFile) => file.lines.find((line) => line.end !== '')?.end ?? '\n'

/** Returns lines of which each has an end. */
export const ended = (lines: readonly IniLine[], end: string) =>
  lines.map((line) => (line.end === '' ? { ...line, end } : line))

function assertNames(section: string, key: string): void {
  if (!isJailName(section))
    throw new ConfigUnwritableError(
      `BanGUI does not write a section with the name ${JSON.stringify(section)}.`,
    )
  if (!/^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/.test(key))
    throw new ConfigUnwritableError('This is not a valid name for a setting.')
}

function assertValue(key: string, value: string): void {
  if (value.length > MAX_VALUE)
    throw new ConfigRefusedError(`The value of ${key} is longer than ${MAX_VALUE} characters.`)
  if (/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u2028\u2029]/.test(value) || !value.isWellFormed()) {
    throw new ConfigRefusedError(`The value of ${key} contains control characters.`)
  }
  if (isDurationOption(key) && !isSafeDuration(value)) {
    throw new ConfigRefusedError(`${key} must be a duration such as 10m, 1h 30m, 1d or -1.`)
  }
}

interface Change {
  readonly section: string
  readonly key: string
  readonly value: string | undefined
}

/** Verifies the new text: the key must have its new value, and every other key its old one. */
function checked(before: IniFile, text: string, { section, key, value }: Change): string {
  const after = parseIni(text)
  if (findOption(after, section, key)?.value !== value) {
    throw new ConfigRefusedError(
      `BanGUI cannot write this value of ${key} so that fail2ban reads it unchanged.`,
    )
  }
  assertOthersUnchanged({ before, after }, { section, key })
  return text
}

/** @throws ConfigUnwritableError when more than one option differs between two texts of a file */
export function assertOthersUnchanged(
  { before, after }: { readonly before: IniFile; readonly after: IniFile },
  { section, key }: Pick<NewOption, 'section' | 'key'>,
): void {
  const others = (file: IniFile) =>
    file.sections.flatMap(({ name, options }) =>
      options
        .filter((option) => name !== section || option.key !== key.toLowerCase())
        .map((option) => [name, option.key, option.value]),
    )
  if (JSON.stringify(others(before)) === JSON.stringify(others(after))) return
  throw new ConfigUnwritableError(
    `BanGUI cannot change ${key} in [${section}] without changing other settings. Edit the file yourself.`,
  )
}

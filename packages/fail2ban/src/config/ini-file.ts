import type { ConfigProblem } from './config-model.ts'
import { indentOf, isSpace, rstrip, strip } from './python-text.ts'

/** The largest file that is read, in bytes. */
export const MAX_FILE_BYTES = 10 * 1024 * 1024

/** One line as it stands in the file; the texts of all lines with their ends are the file. */
export interface IniLine {
  readonly text: string
  /** `\n`, `\r\n`, `\r`, or nothing at the end of the file */
  readonly end: string
}

/** One option: `key` in lower case, `value` its lines joined with `\n`, without comments. Lines count from 1. */
export interface IniOption {
  readonly key: string
  readonly value: string
  readonly line: number
  /** the lines after the first that hold a part of the value; blank lines inside the value are among them */
  readonly continuation: readonly number[]
}

/** One section header with the options under it; a section that occurs twice is in the list twice. */
export interface IniSection {
  readonly name: string
  readonly line: number
  readonly options: readonly IniOption[]
}

/** Why fail2ban refuses a file as it stands, or passes over it. */
export interface IniProblem {
  /** null: the file as a whole */
  readonly line: number | null
  readonly message: string
  readonly kind: ConfigProblem['kind']
}

export interface IniFile {
  readonly lines: readonly IniLine[]
  readonly sections: readonly IniSection[]
  readonly problems: readonly IniProblem[]
}

interface OpenOption {
  readonly key: string
  readonly parts: string[]
  readonly line: number
  readonly continuation: number[]
}

interface OpenSection {
  readonly name: string
  readonly line: number
  readonly options: OpenOption[]
}

/** Splits a text into lines as Python's universal newlines do; nothing is lost. */
export function splitLines(text: string): IniLine[] {
  const lines: IniLine[] = []
  for (const [, line = '', end = ''] of text.matchAll(/([^\r\n]*)(\r\n|\r|\n|$)/g)) {
    if (line !== '' || end !== '') lines.push({ text: line, end })
  }
  return lines
}

/** The part of a line before a comment, stripped, and whether there was a comment (`#`, `;`, or ` ;` after a value). */
export function withoutComment(text: string): { value: string; commented: boolean } {
  const stripped = strip(text)
  if (stripped.startsWith('#') || stripped.startsWith(';')) return { value: '', commented: true }
  for (let at = text.indexOf(';'); at !== -1; at = text.indexOf(';', at + 1)) {
    if (at === 0 || isSpace(text.charAt(at - 1))) return { value: strip(text.slice(0, at)), commented: true }
  }
  return { value: stripped, commented: false }
}

/**
 * Reads the text of a fail2ban file as fail2ban does (Python's configparser with `;` as inline comment and blank lines
 * in values). What fail2ban would refuse is a problem with its line, and reading goes on.
 */
export function parseIni(text: string): IniFile {
  const reader = createReader()
  const lines = splitLines(text)
  if (text.startsWith('\uFEFF'))
    reader.problem(
      1,
      'The file begins with a byte order mark, which fail2ban refuses. Save the file as UTF-8 without a byte order mark.',
    )
  for (const [index, line] of lines.entries())
    reader.read(index === 0 ? line.text.replace('\uFEFF', '') : line.text, index + 1)
  return { lines, ...reader.result() }
}

function createReader() {
  const sections: OpenSection[] = []
  const problems: IniProblem[] = []
  const seen = new Set<string>()
  let section: OpenSection | undefined
  let option: OpenOption | undefined
  let level = 0

  const problem = (line: number, message: string) => {
    if (problems.length < 100) problems.push({ line, message, kind: 'syntax' })
  }

  const openSection = (name: string, line: number) => {
    if (name !== 'DEFAULT' && seen.has(name))
      problem(line, `The section [${name}] occurs twice in this file.`)
    seen.add(name)
    section = { name, line, options: [] }
    option = undefined
    sections.push(section)
  }

  const openOption = (value: string, line: number) => {
    const found = /[=:]/.exec(value)
    if (value.startsWith('[') && found === null)
      return problem(line, 'The name of a section begins here, but its “]” is missing.')
    if (section === undefined) return problem(line, 'There is a setting before the first [section].')
    if (found === null) return problem(line, 'This line is not a setting, because it has no “=”.')
    const key = rstrip(value.slice(0, found.index)).toLowerCase()
    if (key === '') return problem(line, 'A setting has no name before its “=”.')
    const id = `${section.name}\n${key}`
    if (seen.has(id)) problem(line, `${key} is set twice in [${section.name}] of this file.`)
    seen.add(id)
    option = { key, parts: [strip(value.slice(found.index + 1))], line, continuation: [] }
    section.options.push(option)
  }

  const read = (text: string, line: number) => {
    const { value, commented } = withoutComment(text)
    if (value === '') {
      if (!commented) extend(option, '', line)
      return
    }
    const indent = indentOf(text)
    if (option !== undefined && indent > level) return extend(option, value, line)
    level = indent
    const header = /^\[(.+)\]/.exec(value)?.[1]
    if (header !== undefined) return openSection(header, line)
    openOption(value, line)
  }

  const result = () => ({ sections: sections.map(closeSection), problems })
  return { read, problem, result }
}

function extend(option: OpenOption | undefined, value: string, line: number): void {
  option?.parts.push(value)
  option?.continuation.push(line)
}

function closeSection(section: OpenSection): IniSection {
  return { ...section, options: section.options.map(closeOption) }
}

function closeOption({ key, parts, line, continuation }: OpenOption): IniOption {
  // blank lines after the last part belong to nobody
  let last = parts.length
  while (last > 1 && parts[last - 1] === '') last -= 1
  return { key, line, value: rstrip(parts.join('\n')), continuation: continuation.slice(0, last - 1) }
}

/**
 * Reads the bytes of a fail2ban file. A file that is no valid UTF-8 gives one problem with its line and no settings, since
 * fail2ban passes over such a file as a whole (`configparserinc.py`); so does one above {@link MAX_FILE_BYTES}.
 */
export function readIni(bytes: Uint8Array): IniFile {
  if (bytes.length > MAX_FILE_BYTES) {
    return {
      lines: [],
      sections: [],
      problems: [
        { line: null, message: 'The file is larger than 10 MB, so BanGUI did not read it.', kind: 'bounds' },
      ],
    }
  }
  try {
    return parseIni(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    // the decoder throws for nothing but invalid UTF-8
    const message = 'The file is not valid UTF-8. Save the file as UTF-8.'
    const problem = { line: firstInvalidLine(bytes), message, kind: 'encoding' } as const
    return { lines: [], sections: [], problems: [problem] }
  }
}

function firstInvalidLine(bytes: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let line = 1
  let start = 0
  while (start < bytes.length) {
    const next = bytes.indexOf(0x0a, start)
    const end = next === -1 ? bytes.length : next + 1
    try {
      decoder.decode(bytes.subarray(start, end))
    } catch {
      // this line is the one
      return line
    }
    line += 1
    start = end
  }
  return line
}

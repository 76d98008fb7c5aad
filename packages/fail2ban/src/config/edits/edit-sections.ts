import { ConfigUnwritableError } from '../../errors.ts'
import { ended, isBlank, joinLines, lastLineOf, lineEnd, sectionsNamed } from '../edit-ini.ts'
import { parseIni } from '../ini-file.ts'
import type { IniFile, IniSection } from '../ini-file.ts'

/** One option of a new section, with the text that fail2ban is to read for it. */
export interface SectionOption {
  readonly key: string
  readonly value: string
}

/**
 * Adds a section with its options at the end of a text.
 * @throws ConfigUnwritableError where it would not be read as it was given
 */
export function appendSection(text: string, name: string, options: readonly SectionOption[]): string {
  const file = parseIni(text)
  const end = lineEnd(file)
  const gap = file.lines.length === 0 || isBlank(file.lines.at(-1)) ? '' : end
  const written = options.map(({ key, value }) =>
    `${key} = ${value.replaceAll('\n', `${end}    `)}`.trimEnd(),
  )
  const after = joinLines(ended(file.lines, end)) + gap + [`[${name}]`, ...written, ''].join(end)
  const added = parseIni(after).sections.at(-1)
  const isAsGiven =
    JSON.stringify(added?.options.map(({ key, value }) => [key, value])) ===
    JSON.stringify(options.map(({ key, value }) => [key, value]))
  if (added?.name === name && isAsGiven) return after
  throw new ConfigUnwritableError(
    `BanGUI cannot write the section [${name}] so that fail2ban reads it correctly.`,
  )
}

/** Removes a section that has no option and no comment, with the blank line before it. A text without one comes back as it was. */
export function removeEmptySection(text: string, name: string): string {
  const file = parseIni(text)
  const empty = sectionsNamed(file, name).findLast((section) => isEmpty(file, section))
  if (empty === undefined) return text
  const from = isBlank(file.lines[empty.line - 2]) ? empty.line - 2 : empty.line - 1
  return joinLines(file.lines.toSpliced(from, empty.line - from))
}

function isEmpty(file: IniFile, section: IniSection): boolean {
  const next = file.sections.find(({ line }) => line > section.line)?.line ?? file.lines.length + 1
  return section.options.length === 0 && file.lines.slice(section.line, next - 1).every(isBlank)
}

/** Removes every section of a name with its options; comments after its last option stay, since they may be about the next one. */
export function removeSections(text: string, name: string): string {
  const file = parseIni(text)
  const removed = new Set<number>()
  for (const section of sectionsNamed(file, name)) {
    let last = lastLineOf(section)
    while (isBlank(file.lines[last])) last += 1
    for (let line = section.line; line <= last; line += 1) removed.add(line)
  }
  return joinLines(file.lines.filter((_, index) => !removed.has(index + 1)))
}

import { type IniOption, parseIni, withoutComment } from './ini-file.ts'

/** What stands in the place of something that may be a secret. */
export const HIDDEN_TEXT = '(hidden)'

const header = /^\s*\[[^\]]+\]/

/**
 * Returns the text of a configuration file, line by line, with the names of all options, but only the values of those that may be
 * shown: other values, comments, and lines that fail2ban cannot read are replaced by `(hidden)`.
 */
export function hideValues(text: string, isShown: (key: string) => boolean): string {
  const { lines, sections } = parseIni(text)
  const headers = new Set(sections.map(({ line }) => line))
  const options = new Map<number, IniOption>()
  const shownContinuations = new Set<number>()
  for (const option of sections.flatMap((section) => section.options)) {
    options.set(option.line, option)
    if (isShown(option.key)) for (const line of option.continuation) shownContinuations.add(line)
  }
  const hideLine = (line: string, number: number): string => {
    if (line.trim() === '') return line
    const { value } = withoutComment(line)
    if (value === '') return `# ${HIDDEN_TEXT}`
    if (headers.has(number)) return header.exec(line)?.[0] ?? HIDDEN_TEXT
    const option = options.get(number)
    if (option !== undefined) return hideOption(value, isShown(option.key))
    const indent = /^\s*/.exec(line)?.[0] ?? ''
    return indent + (shownContinuations.has(number) ? value : HIDDEN_TEXT)
  }
  return lines.map(({ text: line, end }, index) => hideLine(line, index + 1) + end).join('')
}

function hideOption(value: string, isShown: boolean): string {
  if (isShown) return value
  const at = value.search(/[=:]/)
  return value.slice(at + 1).trim() === '' ? value : `${value.slice(0, at).trimEnd()} = ${HIDDEN_TEXT}`
}

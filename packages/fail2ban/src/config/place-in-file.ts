import { withoutComment, type IniFile, type IniOption } from './ini-file.ts'

/** A line of a file, with the section and the option that it belongs to; null: none, or not known. */
export interface PlaceInFile {
  readonly line: number | null
  readonly section: string | null
  readonly key: string | null
}

/** What a place is looked for by. */
export interface WantedPlace {
  /** a line of the option, or of what fail2ban does not understand; null: not known */
  readonly line: number | null
  /** a part of the value of the option, such as one of several expressions */
  readonly part?: string
  /** Returns a line of the value as fail2ban reads it. */
  readonly fill?: (raw: string) => string
}

/** Returns what stands at a line of a file, and of an option with several lines the one that has the part. */
export function placeInFile(file: IniFile, { line, part, fill = unescaped }: WantedPlace): PlaceInFile {
  if (line === null) return { line, section: null, key: null }
  const section = file.sections.findLast((each) => each.line <= line)
  const option = section?.options.findLast((each) => each.line === line || each.continuation.includes(line))
  const lines = option === undefined || part === undefined ? [] : linesOf(file, option)
  const found =
    lines.find(({ value }) => fill(value) === part) ??
    lines.find(({ value }) => part !== undefined && fill(value).includes(part))
  return { line: found?.line ?? line, section: section?.name ?? null, key: option?.key ?? null }
}

const unescaped = (raw: string) => raw.replaceAll('%%', '%')

/** Returns the lines of the value of an option, without those that are blank. */
const linesOf = (file: IniFile, option: IniOption) =>
  [option.line, ...option.continuation].flatMap((line) => {
    const { value } = withoutComment(file.lines[line - 1]?.text ?? '')
    const own = line === option.line ? value.slice(value.search(/[=:]/) + 1).trim() : value
    return own === '' ? [] : [{ line, value: own }]
  })

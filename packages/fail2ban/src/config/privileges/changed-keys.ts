import { listIncludes } from '../includes.ts'
import { parseIni } from '../ini-file.ts'
import type { IniFile } from '../ini-file.ts'
import { placeInFile, type PlaceInFile } from '../place-in-file.ts'

/** Which part of fail2ban reads a file. `other`: none by its place, so it can be anything. */
export type FileRole = 'jail' | 'filter' | 'action' | 'fail2ban' | 'other'

/** Returns which part of fail2ban reads a file, whose path is relative to the folder. */
export function roleOf(inside: string): FileRole {
  const [, role] =
    /^(jail|fail2ban)(?:\.d\/[^/]+)?\.(?:conf|local)$/.exec(inside) ??
    /^(filter|action)\.d\/[^/]+\.(?:conf|local)$/.exec(inside) ??
    []
  return (role as FileRole | undefined) ?? 'other'
}

/** An option of a file that differs. `after` has its values in the changed file, each where it is there several times; empty: it is removed. */
export interface ChangedKey {
  readonly section: string
  readonly key: string
  readonly after: readonly string[]
  /** its values in the file as it was, in the same way */
  readonly before: readonly string[]
  /** where the last of them is; null: it is removed */
  readonly line: number | null
}

export interface ChangedKeys {
  readonly keys: readonly ChangedKey[]
  /** sections that were not there */
  readonly newSections: readonly string[]
  /** it includes other files than before, be it through a reference */
  readonly hasOtherIncludes: boolean
  /** mistakes that were not there, for which fail2ban refuses the file */
  readonly mistakes: readonly Mistake[]
}

/** A mistake in a file, with its place. */
export interface Mistake extends PlaceInFile {
  /** with the line */
  readonly message: string
}

/** Compares two texts of a file key by key; comments, order and white space make no difference. */
export function changedKeys(before: string | null, after: string | null): ChangedKeys {
  const [old, now] = [parseIni(before ?? ''), parseIni(after ?? '')]
  const [oldKeys, nowKeys] = [keysOf(old), keysOf(now)]
  const keys: ChangedKey[] = []
  for (const id of new Set([...oldKeys.keys(), ...nowKeys.keys()])) {
    const values = nowKeys.get(id)?.values ?? []
    const oldValues = oldKeys.get(id)?.values ?? []
    if (JSON.stringify(oldValues) === JSON.stringify(values)) continue
    const { section = '', key = '' } = nowKeys.get(id) ?? oldKeys.get(id) ?? {}
    keys.push({
      section,
      key,
      after: values,
      before: oldValues,
      line: nowKeys.get(id)?.line ?? null,
    })
  }
  const known = new Set(old.sections.map(({ name }) => name))
  const wrong = new Set(old.problems.map(({ message }) => message))
  return {
    keys,
    hasOtherIncludes: includesOf(now) !== includesOf(old),
    newSections: [...new Set(now.sections.map(({ name }) => name))].filter((name) => !known.has(name)),
    mistakes: now.problems
      .filter(({ message }) => !wrong.has(message))
      .map((problem) => ({ ...placeInFile(now, problem), message: describe(problem) })),
  }
}

function includesOf(file: IniFile): string {
  const { before, after, problems } = listIncludes('', file)
  return JSON.stringify([before, after, problems.length])
}

const describe = ({ line, message }: IniFile['problems'][number]) =>
  line === null ? message : `line ${line}: ${message}`

/** Returns the values of an option in a text, one for each time that it is there. */
export const valuesOf = (text: string, section: string, key: string): readonly string[] =>
  keysOf(parseIni(text)).get(`${section}\n${key}`)?.values ?? []

interface KeyValues {
  readonly section: string
  readonly key: string
  readonly values: string[]
  line: number
}

function keysOf(file: IniFile): Map<string, KeyValues> {
  const found = new Map<string, KeyValues>()
  for (const { name: section, options } of file.sections)
    for (const { key, value, line } of options) {
      const id = `${section}\n${key}`
      const there = found.get(id)
      if (there === undefined) {
        found.set(id, { section, key, values: [value], line })
        continue
      }
      there.values.push(value)
      there.line = line
    }
  return found
}

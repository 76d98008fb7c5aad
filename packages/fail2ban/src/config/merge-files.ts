import type { ConfigOption, ConfigSection, ConfigTree } from './config-model.ts'
import type { IniFile, IniSection } from './ini-file.ts'

export interface NamedFile {
  readonly path: string
  readonly file: IniFile
}

interface OpenSection {
  readonly name: string
  readonly options: Map<string, ConfigOption>
  readonly known: Map<string, ConfigOption>
  readonly places: Map<string, ConfigOption[]>
}

/**
 * Lays files over each other in order, key by key, and remembers for each key of a section the value that was replaced last
 * (`configparserinc.py`, `read`). `[name?condition]` sets `key?condition` in `[name]`.
 */
export function mergeFiles(files: readonly NamedFile[]): ConfigTree {
  const defaults = new Map<string, ConfigOption>()
  const defaultPlaces = new Map<string, ConfigOption[]>()
  const sections = new Map<string, OpenSection>()
  for (const { path, file } of files) {
    const own = new Map<string, Map<string, ConfigOption>>()
    for (const section of file.sections) {
      const isDefault = section.name === 'DEFAULT'
      addOptions(isDefault ? defaults : ensure(own, section.name), section, path)
      if (isDefault) notePlaces(defaultPlaces, optionsOf(section, path))
    }
    for (const [name, options] of own) mergeSection(sections, name, options)
  }
  return {
    files: files.map((file) => file.path),
    defaults,
    defaultPlaces,
    sections: sections satisfies Map<string, ConfigSection>,
  }
}

const optionsOf = (section: IniSection, file: string): ConfigOption[] =>
  section.options.map(({ key, value, line }) => ({ key, raw: value, file, line }))

function addOptions(target: Map<string, ConfigOption>, section: IniSection, file: string): void {
  for (const option of optionsOf(section, file)) target.set(option.key, option)
}

function notePlaces(places: Map<string, ConfigOption[]>, options: Iterable<ConfigOption>): void {
  for (const option of options) {
    const found = places.get(option.key)
    if (found === undefined) places.set(option.key, [option])
    else found.push(option)
  }
}

function ensure(sections: Map<string, Map<string, ConfigOption>>, name: string): Map<string, ConfigOption> {
  const found = sections.get(name)
  if (found !== undefined) return found
  const made = new Map<string, ConfigOption>()
  sections.set(name, made)
  return made
}

function mergeSection(
  sections: Map<string, OpenSection>,
  title: string,
  options: Map<string, ConfigOption>,
): void {
  const [, name = title, condition = ''] = /^(\w+)(\?.+)$/.exec(title) ?? []
  const target = sections.get(name)
  const section = target ?? {
    name,
    options: new Map<string, ConfigOption>(),
    known: new Map<string, ConfigOption>(),
    places: new Map<string, ConfigOption[]>(),
  }
  if (target === undefined) sections.set(name, section)
  for (const [bare, own] of options) {
    const key = bare + condition
    const option = condition === '' ? own : { ...own, key }
    const replaced = section.options.get(key)
    if (replaced !== undefined) section.known.set(key, replaced)
    section.options.set(key, option)
    notePlaces(section.places, [option])
  }
}

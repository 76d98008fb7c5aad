import type { ConfigOption, ConfigSection, ConfigTree } from './config-model.ts'

/** Python's `configparser.MAX_INTERPOLATION_DEPTH`. */
const MAX_DEPTH = 10
const MAX_STEPS = 20_000
const MAX_LENGTH = 1024 * 1024
const REPLACED = 'KNOWN/'

/**
 * An option in effect: `value` with every `%(x)s` filled in, or `problem` saying why that fails and `value` raw. `culprit` is the
 * option that has the mistake: this one, or one that it refers to.
 */
export interface Interpolated extends ConfigOption {
  readonly value: string
  readonly problem: string | null
  readonly culprit: ConfigOption | null
}

/** Values that are known beside the options, by name: parameters of a filter, what a filter gives to its jail. */
export type ExtraValues = ReadonlyMap<string, string>

/** The value of a name; `option` is null where it is no option of a file. */
interface Found {
  readonly raw: string
  readonly option: ConfigOption | null
}

interface Run {
  readonly tree: ConfigTree
  readonly section: string
  readonly values: ExtraValues
  steps: number
  length: number
}

/** How deep a value refers to others, and the option that it belongs to. */
interface Level {
  readonly option: ConfigOption
  readonly depth: number
}

class InterpolationError extends Error {
  override readonly name = 'InterpolationError'
  readonly culprit: ConfigOption

  constructor(message: string, culprit: ConfigOption) {
    super(message)
    this.culprit = culprit
  }
}

const noValues: ExtraValues = new Map()

/** Finds an option in a section, else in `[DEFAULT]`, and fills it in. Undefined: set nowhere. */
export const interpolate = (tree: ConfigTree, section: string, key: string): Interpolated | undefined =>
  interpolateWith(noValues, tree, { section, key })

/** As {@link interpolate}, with `values` for the names that a value refers to. */
export function interpolateWith(
  values: ExtraValues,
  tree: ConfigTree,
  { section, key }: { readonly section: string; readonly key: string },
): Interpolated | undefined {
  const option = optionsOf(tree, section)?.get(key) ?? tree.defaults.get(key)
  return option === undefined ? undefined : interpolateOption(values, tree, { section, option })
}

/** Fills in an option as if it stood in a section, with `values` for the names that it refers to. */
export function interpolateOption(
  values: ExtraValues,
  tree: ConfigTree,
  { section, option }: { readonly section: string; readonly option: ConfigOption },
): Interpolated {
  if (!option.raw.includes('%')) return { ...option, value: option.raw, problem: null, culprit: null }
  try {
    const run = { tree, section, values, steps: 0, length: 0 }
    return { ...option, value: fill(run, option.raw, { option, depth: 1 }), problem: null, culprit: null }
  } catch (error) {
    if (!(error instanceof InterpolationError)) throw error
    const { culprit, message } = error
    const { key } = option
    const name = culprit.key === key ? key : `${key}, in ${culprit.key}`
    return { ...option, value: option.raw, problem: `${name}: ${message}`, culprit }
  }
}

/**
 * Returns the option that a part of a filled-in value stands in: the option itself, or one that it refers to. The option itself
 * where the part is put together from several.
 */
export function findOrigin(tree: ConfigTree, section: string, { option, part }: ValuePart): ConfigOption {
  const seen = new Set([option])
  for (const each of seen) {
    if (each.raw.includes(part)) return each
    for (const [, name = ''] of each.raw.matchAll(/%\(([^()%]+)\)s/g)) {
      const key = name.toLowerCase()
      const next = tree.sections.get(section)?.options.get(key) ?? tree.defaults.get(key)
      if (next !== undefined) seen.add(next)
    }
  }
  return option
}

/** A part of the value of an option. */
export interface ValuePart {
  readonly option: ConfigOption
  readonly part: string
}

function fill(run: Run, raw: string, { option, depth }: Level): string {
  if (depth > MAX_DEPTH)
    throw new InterpolationError(
      `it refers to itself, or refers to other values through more than ${MAX_DEPTH} steps.`,
      option,
    )
  let filled = ''
  let rest = raw
  for (let at = rest.indexOf('%'); at !== -1; at = rest.indexOf('%')) {
    filled += rest.slice(0, at)
    rest = rest.slice(at)
    if (rest.startsWith('%%')) {
      filled += '%'
      rest = rest.slice(2)
      continue
    }
    const reference = /^%\(([^)]+)\)s/.exec(rest)
    const name = reference?.[1]
    if (reference === null || name === undefined)
      throw new InterpolationError('“%” must be written “%%”, or begin a “%(name)s”.', option)
    const found = lookUp(run, name)
    if (found === undefined) throw new InterpolationError(notSet(name), option)
    const inside = { option: found.option ?? option, depth: depth + 1 }
    filled += found.raw.includes('%') ? fill(run, found.raw, inside) : found.raw
    rest = rest.slice(reference[0].length)
    count(run, found.raw.length, option)
  }
  return filled + rest
}

/** Anything else in the brackets may be a part of a password. */
const notSet = (name: string): string =>
  /^[\w./-]{1,64}$/.test(name)
    ? `it uses %(${name})s, which is not set.`
    : 'it contains “%(…)s” around text that is not a name.'

function lookUp(run: Run, written: string): Found | undefined {
  const { tree, section, values } = run
  const name = written.toLowerCase()
  if (name === '__name__') return { raw: section, option: null }
  const value = values.get(name)
  if (value !== undefined) return { raw: value, option: null }
  const option = optionsOf(tree, section)?.get(name) ?? tree.defaults.get(name)
  // fail2ban adds the names of other sections as they are written, and looks them up in lower case
  return foundIn(option ?? (name === written ? optionElsewhere(run, name) : undefined))
}

const foundIn = (option: ConfigOption | undefined): Found | undefined =>
  option === undefined ? undefined : { raw: option.raw, option }

/** The options of a section; fail2ban keeps the replaced ones in a section of their own, `KNOWN/name`. */
function optionsOf(tree: ConfigTree, section: string): ConfigSection['options'] | undefined {
  const found = tree.sections.get(section)
  if (found !== undefined || !section.startsWith(REPLACED)) return found?.options
  return tree.sections.get(section.slice(REPLACED.length))?.known
}

/** Resolves `%(section/x)s`, `%(default/x)s` and `%(known/x)s`, as `_map_section_options` of `configparserinc.py` does. */
function optionElsewhere({ tree, section }: Run, path: string): ConfigOption | undefined {
  const [, place, key] = /^([\w-]+)\/([^)]+)$/.exec(path) ?? []
  if (place === undefined || key === undefined) return undefined
  const fallback = tree.defaults.get(key)
  if (place === 'default') return fallback
  if (place === 'known') return tree.sections.get(section)?.known.get(key) ?? fallback
  const named = tree.sections.get(place)
  return named === undefined ? undefined : (named.options.get(key) ?? fallback)
}

function count(run: Run, length: number, option: ConfigOption): void {
  run.steps += 1
  run.length += length
  if (run.steps > MAX_STEPS || run.length > MAX_LENGTH)
    throw new InterpolationError('it becomes too long after substitution.', option)
}

import type { ConfigOption, ConfigTree } from './config-model.ts'

/** Python's `configparser.MAX_INTERPOLATION_DEPTH`. */
const MAX_DEPTH = 10
const MAX_STEPS = 20_000
const MAX_LENGTH = 1024 * 1024

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
  steps: number
  length: number
}

/** How deep a value refers to others, the option that it belongs to, and the names that are known there beside the options. */
interface Level {
  readonly extra: ReadonlyMap<string, Found>
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
  const option = tree.sections.get(section)?.options.get(key) ?? tree.defaults.get(key)
  if (option === undefined) return undefined
  const extra = new Map([...values].map(([name, raw]) => [name, { raw, option: null }]))
  try {
    const value = fill({ tree, section, steps: 0, length: 0 }, option.raw, { extra, option, depth: 1 })
    return { ...option, value, problem: null, culprit: null }
  } catch (error) {
    if (!(error instanceof InterpolationError)) throw error
    const { culprit, message } = error
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
    for (const [, name = ''] of each.raw.matchAll(/%\(([^)]+)\)s/g)) {
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

function fill(run: Run, raw: string, above: Level): string {
  const { option, depth } = above
  if (depth > MAX_DEPTH)
    throw new InterpolationError(
      `it refers to itself, or through more than ${MAX_DEPTH} other values.`,
      option,
    )
  const extra = new Map(above.extra).set('__name__', { raw: run.section, option: null })
  addSectionOptions(run, raw, extra)
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
    const found = lookUp(run, name.toLowerCase(), extra)
    if (found === undefined) throw new InterpolationError(`it uses %(${name})s, which is not set.`, option)
    const inside = { extra, option: found.option ?? option, depth: depth + 1 }
    filled += found.raw.includes('%') ? fill(run, found.raw, inside) : found.raw
    rest = rest.slice(reference[0].length)
    count(run, found.raw.length, option)
  }
  return filled + rest
}

function lookUp({ tree, section }: Run, name: string, extra: ReadonlyMap<string, Found>): Found | undefined {
  return extra.get(name) ?? foundIn(tree.sections.get(section)?.options.get(name) ?? tree.defaults.get(name))
}

const foundIn = (option: ConfigOption | undefined): Found | undefined =>
  option === undefined ? undefined : { raw: option.raw, option }

/** Resolves `%(section/x)s`, `%(default/x)s` and `%(known/x)s`, as `_map_section_options` of `configparserinc.py` does. */
function addSectionOptions(run: Run, raw: string, extra: Map<string, Found>): void {
  for (const [, path = '', sectionName = '', key = ''] of raw.matchAll(/%\((([\w-]+)\/([^)]+))\)s/g)) {
    if (lookUp(run, path, extra) !== undefined) continue
    const value = foundIn(sectionOption(run, sectionName, key))
    if (value !== undefined) extra.set(path, value)
  }
}

function sectionOption({ tree, section }: Run, from: string, key: string): ConfigOption | undefined {
  const fallback = tree.defaults.get(key)
  const place = from.toLowerCase()
  if (place === 'default') return fallback
  if (place === 'known') return tree.sections.get(section)?.known.get(key) ?? fallback
  const named = tree.sections.get(from)
  return named === undefined ? undefined : (named.options.get(key) ?? fallback)
}

function count(run: Run, length: number, option: ConfigOption): void {
  run.steps += 1
  run.length += length
  if (run.steps > MAX_STEPS || run.length > MAX_LENGTH)
    throw new InterpolationError('it becomes too long after substitution.', option)
}

import type { ConfigOption, ConfigTree } from './config-model.ts'

/** Python's `configparser.MAX_INTERPOLATION_DEPTH`. */
const MAX_DEPTH = 10
const MAX_STEPS = 20_000
const MAX_LENGTH = 1024 * 1024

/** An option in effect: `value` with every `%(x)s` filled in, or `problem` saying why that fails and `value` raw. */
export interface Interpolated extends ConfigOption {
  readonly value: string
  readonly problem: string | null
}

interface Run {
  readonly tree: ConfigTree
  readonly section: string
  steps: number
  length: number
}

/** How deep a value refers to others, and the names that are known there beside the options. */
interface Level {
  readonly extra: ReadonlyMap<string, string>
  readonly depth: number
}

class InterpolationError extends Error {
  override readonly name = 'InterpolationError'
}

/** Finds an option in a section, else in `[DEFAULT]`, and fills it in. Undefined: set nowhere. */
export function interpolate(tree: ConfigTree, section: string, key: string): Interpolated | undefined {
  const option = tree.sections.get(section)?.options.get(key) ?? tree.defaults.get(key)
  if (option === undefined) return undefined
  try {
    const value = fill({ tree, section, steps: 0, length: 0 }, option.raw, { extra: new Map(), depth: 1 })
    return { ...option, value, problem: null }
  } catch (error) {
    if (!(error instanceof InterpolationError)) throw error
    return { ...option, value: option.raw, problem: `${key}: ${error.message}` }
  }
}

function fill(run: Run, raw: string, above: Level): string {
  const { depth } = above
  if (depth > MAX_DEPTH)
    throw new InterpolationError(`it refers to itself, or through more than ${MAX_DEPTH} other values.`)
  const extra = new Map(above.extra).set('__name__', run.section)
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
      throw new InterpolationError('“%” must be written “%%”, or begin a “%(name)s”.')
    const value = lookUp(run, name.toLowerCase(), extra)
    if (value === undefined) throw new InterpolationError(`it uses %(${name})s, which is not set.`)
    filled += value.includes('%') ? fill(run, value, { extra, depth: depth + 1 }) : value
    rest = rest.slice(reference[0].length)
    count(run, value.length)
  }
  return filled + rest
}

function lookUp(
  { tree, section }: Run,
  name: string,
  extra: ReadonlyMap<string, string>,
): string | undefined {
  return extra.get(name) ?? tree.sections.get(section)?.options.get(name)?.raw ?? tree.defaults.get(name)?.raw
}

/** Makes `%(section/x)s`, `%(default/x)s` and `%(known/x)s` known, as `_map_section_options` of `configparserinc.py` does. */
function addSectionOptions(run: Run, raw: string, extra: Map<string, string>): void {
  for (const [, path = '', sectionName = '', key = ''] of raw.matchAll(/%\((([\w-]+)\/([^)]+))\)s/g)) {
    if (lookUp(run, path, extra) !== undefined) continue
    const value = sectionOption(run, sectionName, key)
    if (value !== undefined) extra.set(path, value)
  }
}

function sectionOption({ tree, section }: Run, from: string, key: string): string | undefined {
  const fallback = tree.defaults.get(key)?.raw
  const place = from.toLowerCase()
  if (place === 'default') return fallback
  if (place === 'known') return tree.sections.get(section)?.known.get(key)?.raw ?? fallback
  const named = tree.sections.get(from)
  return named === undefined ? undefined : (named.options.get(key)?.raw ?? fallback)
}

function count(run: Run, length: number): void {
  run.steps += 1
  run.length += length
  if (run.steps > MAX_STEPS || run.length > MAX_LENGTH)
    throw new InterpolationError('it grows beyond all bounds when filled in.')
}

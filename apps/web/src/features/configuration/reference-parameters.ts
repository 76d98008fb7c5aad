import {
  type EffectiveSetting,
  formatReference,
  parseReference,
  plainParameters,
  type Reference,
  splitReferences,
} from '@bangui/shared'

/** A parameter that a filter or an action has by its files. */
export interface KnownParameter {
  readonly key: string
  /** its value where a jail gives it none */
  readonly fallback: string
}

/** Values that the brackets of a filter can have where only plain values are allowed. */
const PLAIN = /^[\w./:@+-]+$/

/** Names that are parts of expressions and commands, which nobody gives a value in a jail. */
const internal = /^(?:_|mdre-|mdpr-|known\/)/

const MAX_FALLBACK = 200

/**
 * Returns the parameters that a filter or an action has by its own settings: of a filter those with plain values, of an action all
 * variables of one line. `options` are the names that fail2ban itself reads.
 */
export function knownParameters(
  settings: readonly EffectiveSetting[],
  kind: 'filter' | 'action',
  options: ReadonlySet<string>,
): KnownParameter[] {
  const isParameter = ({ key, value, hidden }: EffectiveSetting) => {
    if (options.has(key) || internal.test(key) || hidden === true) return false
    return kind === 'filter' ? PLAIN.test(value) : !value.includes('\n') && value.length <= MAX_FALLBACK
  }
  const known = settings
    .filter(isParameter)
    .map(({ key, raw, value }) => ({ key, fallback: kind === 'filter' ? value : (raw ?? value) }))
  const rank = ({ key }: KnownParameter) => {
    const place = first.indexOf(key)
    return place === -1 ? first.length : place
  }
  return known.toSorted((one, other) => rank(one) - rank(other))
}

/** What people look for first. */
const first = ['mode', 'port', 'protocol', 'chain', 'name', 'blocktype', 'dest', 'sender']

/** Returns a reference with a parameter set, or without it (undefined); undefined: it cannot be written. */
export function withParameter(
  { name, parameters }: Reference,
  key: string,
  value: string | undefined,
): string | undefined {
  const next = new Map(parameters)
  if (value === undefined) next.delete(key)
  else next.set(key, value)
  return formatReference({ name, parameters: next })
}

/** Returns whether one of some actions has a parameter that may be changed where actions may not. */
export const hasPlainParameter = (text: string): boolean =>
  splitReferences(text).some((each) => {
    const parameters = readReference(each)?.parameters ?? new Map<string, string>()
    return [...plainParameters.keys()].some((key) => (parameters.get(key) ?? '') !== '')
  })

/** Reads a reference; undefined: it is none that fields can show. */
export function readReference(text: string): Reference | undefined {
  const found = parseReference(text.trim())
  return 'problem' in found ? undefined : { ...found, name: found.name.trim() }
}

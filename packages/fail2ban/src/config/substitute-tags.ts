/** fail2ban's `MAX_TAG_REPLACE_COUNT`: how often one tag may be replaced in one value. */
const MAX_REPLACEMENTS = 25
const MAX_LENGTH = 1024 * 1024

const tagPattern = /<([^ <>]+)>/g

export interface SubstituteOptions {
  /** tags that are left as they are */
  readonly ignore: ReadonlySet<string>
  /** Returns the value of a tag that is not among the tags; undefined: it has none, and stays. */
  readonly findMore: (tag: string) => string | undefined
}

/** The values with their tags replaced, or the tag that cannot be replaced, and whether its value leads back to itself. */
export type Substituted =
  | { readonly values: ReadonlyMap<string, string> }
  | { readonly failed: string; readonly why: 'circular' | 'too_long' }

/**
 * Returns values in which each `<tag>` that has a value is replaced (`substituteRecursiveTags` in `helpers.py`, the same in
 * 0.11.2 to 1.1.1). The values of the result are in the order of `tags`.
 */
export function substituteTags(tags: ReadonlyMap<string, string>, options: SubstituteOptions): Substituted {
  const values = new Map(tags)
  const done = new Set<string>()
  const counts = new Map<string, Map<string, number>>()
  for (let isAgain = true; isAgain;) {
    isAgain = false
    for (const tag of tags.keys()) {
      if (options.ignore.has(tag) || done.has(tag)) continue
      const before = values.get(tag) ?? ''
      if (!before.includes('<')) {
        done.add(tag)
        continue
      }
      const count = counts.get(tag) ?? new Map<string, number>()
      const value = replaceTags(before, { ...options, tag, values, count })
      if (value === null) return { failed: tag, why: 'too_long' }
      if (value === undefined) return { failed: tag, why: 'circular' }
      values.set(tag, value)
      counts.set(tag, count)
      // a tag can be put together from others
      isAgain ||= value !== before && findTag(value, 0) !== undefined
      if (!value.includes('<')) done.add(tag)
    }
  }
  return { values }
}

interface Replacing extends SubstituteOptions {
  readonly tag: string
  readonly values: ReadonlyMap<string, string>
  readonly count: Map<string, number>
}

/** Undefined: the value leads back to itself; null: it becomes too long. */
function replaceTags(
  text: string,
  { tag, values, count, ignore, findMore }: Replacing,
): string | undefined | null {
  let value = text
  for (let found = findTag(value, 0); found !== undefined;) {
    const { name, start, end } = found
    if (ignore.has(name)) {
      found = findTag(value, end)
      continue
    }
    if (name === tag || (count.get(name) ?? 1) > MAX_REPLACEMENTS) return undefined
    const replacement = values.get(name) ?? findMore(name)
    if (replacement === undefined) {
      found = findTag(value, end)
      continue
    }
    value = value.replaceAll(`<${name}>`, () => replacement)
    if (value.length > MAX_LENGTH) return null
    count.set(name, (count.get(name) ?? 0) + 1)
    found = findTag(value, start)
  }
  return value
}

function findTag(text: string, from: number): { name: string; start: number; end: number } | undefined {
  tagPattern.lastIndex = from
  const match = tagPattern.exec(text)
  if (match === null) return undefined
  return { name: match[1] ?? '', start: match.index, end: tagPattern.lastIndex }
}

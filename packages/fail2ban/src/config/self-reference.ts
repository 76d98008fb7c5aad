import type { ConfigOption } from './config-model.ts'

/** A value of a filter or an action; `option` null: it is a parameter that the jail or fail2ban itself gives. */
export interface DefinitionValue {
  readonly text: string
  readonly option: ConfigOption | null
}

/** Tags that an action has at the time of a ban only: fail2ban does not fill them in before. */
const filledInLater = new Set(['matches', 'ipmatches', 'ipjailmatches', 'timeout', 'bantime'])

/**
 * Returns the first option of a filter or an action whose `<tags>` lead back to it, which fail2ban refuses
 * (`substituteRecursiveTags` in `helpers.py`); undefined: no option does.
 */
export function findSelfReference(values: ReadonlyMap<string, DefinitionValue>): ConfigOption | undefined {
  const done = new Set<string>()
  for (const start of values.keys()) {
    const circle = findCircle(values, start, done)
    const option = circle?.map((name) => values.get(name)?.option).find((each) => each)
    if (option) return option
  }
  return undefined
}

/** Returns the names of a circle that a value leads into. `done` has the names that lead into none, and grows. */
function findCircle(
  values: ReadonlyMap<string, DefinitionValue>,
  start: string,
  done: Set<string>,
): string[] | undefined {
  const path = [start]
  const open = new Map([[start, tagsOf(values.get(start))]])
  for (let last = path.at(-1); last !== undefined; last = path.at(-1)) {
    const next = open.get(last)?.pop()
    if (next === undefined) {
      done.add(last)
      open.delete(last)
      path.pop()
    } else if (open.has(next)) return path.slice(path.indexOf(next))
    else if (values.has(next) && !done.has(next)) {
      path.push(next)
      open.set(next, tagsOf(values.get(next)))
    }
  }
  return undefined
}

const tagsOf = (value: DefinitionValue | undefined): string[] =>
  [...(value?.text ?? '').matchAll(/<([^ <>]+)>/g)].flatMap(([, name = '']) =>
    filledInLater.has(name) ? [] : [name],
  )

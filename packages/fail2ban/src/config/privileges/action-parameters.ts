import { parseReference, plainParameters, splitReferences } from '@bangui/shared'
import { findOption } from '../catalogue/catalogue.ts'
import { grammarOf } from '../catalogue/grammars.ts'
import type { ConfigTree } from '../config-model.ts'
import { interpolateOption } from '../interpolate.ts'
import type { Replacement } from './explained-text.ts'
import type { ChangedFile } from './check-files.ts'
import type { PlannedChange } from './planned-change.ts'

/** Options refer to others through no more steps, as in `configparser`. */
const MAX_DEPTH = 10

/** A parameter in the brackets of an action, as the files have it before and after. */
interface ParameterChange {
  readonly option: string
  readonly before: string
  readonly after: string
}

/**
 * Returns the parameters that a change of `action` in a file alters, where it alters nothing else: the same actions with the same
 * parameters, of which some that the list allows have another plain value. Undefined: it alters more.
 */
function parametersChanged(
  { start, end }: PlannedChange,
  { keys }: Pick<ChangedFile, 'keys'>,
  section: string,
): readonly ParameterChange[] | undefined {
  const changed = keys.find((each) => each.key === 'action' && each.section === section)
  const [before, after] = [rawIn(start.config.jail, section), rawIn(end.config.jail, section)]
  // what another place overrides could take effect later
  const isInEffect = changed !== undefined && changed.after.every((value) => value === after)
  if (!isInEffect || changed.after.length > 1 || before === undefined || after === undefined) return undefined
  const old = actionsIn(start.config.jail, section, before)
  const now = actionsIn(end.config.jail, section, after)
  if (old.length !== now.length) return undefined
  const found = now.map((text, index) => compareAction(old[index] ?? '', text))
  return found.some((each) => each === undefined) ? undefined : found.flatMap((each) => each ?? [])
}

const rawIn = ({ sections, defaults }: ConfigTree, section: string, key = 'action'): string | undefined =>
  (sections.get(section)?.options.get(key) ?? defaults.get(key))?.raw

/** The actions of a value; one that is nothing but a reference to an option, such as `%(action_)s`, is those of the option. */
function actionsIn(tree: ConfigTree, section: string, value: string): string[] {
  const read = (raw: string, depth: number): string[] =>
    splitReferences(raw).flatMap((word) => {
      const [, key] = /^%\(([\w.-]+)\)s$/.exec(word.trim()) ?? []
      const inside = key === undefined ? undefined : rawIn(tree, section, key.toLowerCase())
      return inside === undefined || depth >= MAX_DEPTH ? [word.trim()] : read(inside, depth + 1)
    })
  return read(value, 0)
}

const parameter = String.raw`[\w-]+=(?:"[^"\n]*"|'[^'\n]*'|[\w./:@+-]*)`
const reference = new RegExp(String.raw`^[^[\]\s]+\[${parameter}(?:,\s*${parameter})*\]$`)

/** Returns whether every version of fail2ban reads a reference in the same way. */
const isUnambiguous = (text: string, count: number): boolean =>
  reference.test(text) && [...text.matchAll(new RegExp(parameter, 'g'))].length === count

function compareAction(before: string, after: string): ParameterChange[] | undefined {
  if (before === after) return []
  const [old, now] = [parseReference(before), parseReference(after)]
  if ('problem' in old || 'problem' in now || !isUnambiguous(after, now.parameters.size)) return undefined
  const hasSameKeys =
    JSON.stringify([...old.parameters.keys()]) === JSON.stringify([...now.parameters.keys()])
  if (old.name !== now.name || !hasSameKeys) return undefined
  const changes: ParameterChange[] = []
  for (const [key, value] of now.parameters) {
    const former = old.parameters.get(key) ?? ''
    if (value === former) continue
    const option = plainParameters.get(key)
    // nothing could stand anywhere in a command
    if (option === undefined || former === '' || !isPlain(option, value)) return undefined
    changes.push({ option, before: former, after: value })
  }
  return changes
}

/** A value of the option's grammar, or what the option itself has. */
const isPlain = (option: string, value: string): boolean =>
  value === `%(${option})s` || accepts(option, value)

function accepts(option: string, value: string): boolean {
  const known = findOption('jail', option)
  return known !== undefined && grammarOf(known).accepts(value)
}

/** Returns whether `action` of a section changes in plain parameters only. */
export const isParametersOnly = (change: PlannedChange, file: ChangedFile, section: string): boolean =>
  parametersChanged(change, file, section) !== undefined

/** Returns the values of parameters that may differ in the commands of a jail. */
export function replacedParameters(
  change: PlannedChange,
  files: readonly ChangedFile[],
  jail: string,
): Replacement[] {
  const found = files.flatMap((file) =>
    file.role === 'jail'
      ? [jail, 'DEFAULT'].flatMap((section) => parametersChanged(change, file, section) ?? [])
      : [],
  )
  const filledIn = (tree: ConfigTree, raw: string) =>
    interpolateOption(new Map(), tree, {
      section: jail,
      option: { key: 'action', raw, file: null, line: null },
    }).value
  return found
    .map(({ option, before, after }) => ({
      option,
      before: filledIn(change.start.config.jail, before),
      after: filledIn(change.end.config.jail, after),
    }))
    .filter(({ option, after }) => accepts(option, after))
}

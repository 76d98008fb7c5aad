import { grammarOf } from '../catalogue/grammars.ts'
import type { CatalogueOption } from '../catalogue/catalogue-option.ts'
import { jailCatalogue } from '../catalogue/jail-options.ts'
import type { Fail2banConfig } from '../config-model.ts'
import { readDefinitions } from '../definitions.ts'
import type { Overlay } from '../file-source.ts'
import { resolveJail } from '../resolve-jail.ts'
import type { ResolvedAction, ResolvedJail } from '../resolve-jail.ts'
import { isExplained } from './explained-text.ts'
import type { Replacement } from './explained-text.ts'
import { newWords } from './kept-words.ts'

/**
 * Resolves jails of a configuration, enabled or not; files of an `overlay` are read instead of those on disk. A jail that has no
 * section has what `[DEFAULT]` gives to every jail.
 */
export async function resolveJails(
  config: Fail2banConfig,
  names: readonly string[],
  overlay: Overlay,
): Promise<ReadonlyMap<string, ResolvedJail>> {
  const definitions = await readDefinitions(config, names, overlay)
  return new Map(names.map((name) => [name, resolveJail(config, name, { definitions })]))
}

/** What allowed edits may change of a jail. */
export interface AllowedChanges {
  /** the values that may differ wherever they stand, since each was looked at by itself */
  readonly replacements: readonly Replacement[]
  /** the options of which an override is removed: what they have now was there before */
  readonly removed: ReadonlySet<string>
}

/**
 * Returns what differs in a jail that no allowed edit may change: the commands of its actions but for values that may differ,
 * and options that run or open something. It is named for people. Undefined: nothing.
 */
export function findOtherChange(
  before: ResolvedJail,
  after: ResolvedJail,
  { replacements, removed }: AllowedChanges,
): string | undefined {
  for (const option of jailCatalogue) {
    const { key, privilege } = option
    const value = after.options.get(key)?.value
    if (privilege === 'safe' || key === 'action' || removed.has(key)) continue
    const old = before.options.get(key)?.value
    if (value === undefined || value === old) continue
    if (!isPlain(option, key === 'ignoreip' ? newWords(value, [old ?? '']) : value)) return key
  }
  if (namesOf(before) !== namesOf(after)) return 'the list of actions'
  for (const [index, action] of after.actions.entries()) {
    const other = before.actions[index]
    if (!action || !other) continue
    const texts = textsOf(other)
    for (const [key, text] of textsOf(action))
      if (!isExplained(texts.get(key) ?? '', text, replacements)) return `${key} of the action ${action.name}`
  }
  return undefined
}

const isPlain = (option: CatalogueOption, value: string) =>
  option.privilege === 'guarded' && grammarOf(option).accepts(value)

const namesOf = ({ actions }: ResolvedJail): string =>
  JSON.stringify(actions.map((action) => action?.name ?? null))

const textsOf = ({ actionName, values, init, parameters }: ResolvedAction): Map<string, string> =>
  new Map([
    ['the name', actionName],
    ...parameters,
    ...[...init, ...values].map(([key, { text }]) => [key, text] as const),
  ])

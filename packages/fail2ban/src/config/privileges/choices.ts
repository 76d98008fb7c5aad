import { join } from 'node:path'
import { findOption } from '../catalogue/catalogue.ts'
import { choiceKeys, grammarOf } from '../catalogue/grammars.ts'
import { overlayOf, withFile } from '../edits/draft-files.ts'
import { interpolate } from '../interpolate.ts'
import { readFail2banConfig } from '../read-config.ts'
import type { ChangedFile } from './check-files.ts'
import type { PlannedChange, PlannedConfig } from './planned-change.ts'

/** The value from a list that a change gives to an option which else can run commands. */
export interface Choice {
  /** a jail, or DEFAULT */
  readonly section: string
  readonly key: string
  readonly value: string
}

/**
 * Returns the options that a change sets to a value of their list: a firewall action that comes with fail2ban, or a formula that
 * BanGUI knows. An override that is removed counts where such a value is below it.
 */
export function choicesOf({ start, end }: PlannedChange, files: readonly ChangedFile[]): Choice[] {
  const found = new Map<string, Choice>()
  for (const { role, keys } of files) {
    for (const { section, key } of role === 'jail' ? keys : []) {
      const option = choiceKeys.has(key) ? findOption('jail', key) : undefined
      const value = valueAt(end, section, key)
      if (option === undefined || value === undefined || !grammarOf(option).accepts(value)) continue
      if (value !== valueAt(start, section, key)) found.set(`${section}\n${key}`, { section, key, value })
    }
  }
  return [...found.values()]
}

const valueAt = ({ config: { jail } }: PlannedConfig, section: string, key: string): string | undefined =>
  section === 'DEFAULT' ? jail.defaults.get(key)?.raw : interpolate(jail, section, key)?.value

/** "~" sorts after letters and digits, so that it is read after every other file. */
const CHOICES_FILE = join('jail.d', '~~~.local')

/** Returns a configuration with these values and nothing else changed: what a change that only makes them leads to. */
export async function withChoices(
  planned: PlannedConfig,
  choices: readonly Choice[],
): Promise<PlannedConfig> {
  if (choices.length === 0) return planned
  const { live, config } = planned.draft
  const text = Map.groupBy(choices, ({ section }) => section)
  const after = [...text]
    .map(([section, set]) => `[${section}]\n${set.map(({ key, value }) => `${key} = ${value}\n`).join('')}`)
    .join('')
  const draft = withFile(planned.draft, { path: join(live, CHOICES_FILE), before: null, after })
  const version = config.jail.defaults.get('fail2ban_version')?.raw
  const read = await readFail2banConfig(config.configDir, version, overlayOf(draft))
  return { draft: { ...draft, config: read }, config: read }
}

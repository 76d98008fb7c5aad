import type { ConfiguredIgnore, ConfiguredIgnores, CopiedIgnores } from '../models/ignore-models.ts'
import type { ConfigOption, Fail2banConfig } from './config-model.ts'
import { plainWord, splitWords } from './edit-words.ts'
import { OWN_JAIL_FILE } from './edits/option-place.ts'
import { interpolate } from './interpolate.ts'
import { configuredJails, hasJail } from './list-jails.ts'
import { isYes } from './options.ts'

/** Returns the names of the jails that set an ignore list of their own. */
export const jailsWithOwnList = (config: Fail2banConfig): string[] =>
  [...config.jail.sections]
    .filter(([name, { options }]) => options.has('ignoreip') && hasJail(config, name))
    .map(([name]) => name)

/** Returns the list of `DEFAULT` that BanGUI has copied; null: it decides where it stands. */
export function copiedIgnores({ jail }: Fail2banConfig): CopiedIgnores | null {
  const places = jail.defaultPlaces.get('ignoreip') ?? []
  const isOwn = ({ file }: ConfigOption) => file?.endsWith(`/${OWN_JAIL_FILE}`) === true
  const copy = places.at(-1)
  const first = places.findLast((place) => !isOwn(place))
  if (!copy?.file || !isOwn(copy) || !first?.file) return null
  const there = new Set(splitWords(copy.raw).map(plainWord))
  const missing = [...new Set(splitWords(first.raw).map(plainWord))].filter((word) => !there.has(word))
  return { from: first.file, into: copy.file, missing }
}

/** Returns the ignore lists of a configuration, each entry with its place. */
export function configuredIgnores(config: Fail2banConfig): ConfiguredIgnores {
  const sections = ['DEFAULT', ...jailsWithOwnList(config)]
  return {
    copy: copiedIgnores(config),
    sections: sections.map((section) => ({ section, entries: entriesOf(config, section) })),
    jails: configuredJails(config).map(({ name: jail }) => ({ jail, self: ignoresSelf(config, jail) })),
  }
}

/** fail2ban's own default is on. */
function ignoresSelf(config: Fail2banConfig, jail: string): boolean {
  const found = interpolate(config.jail, jail, 'ignoreself')
  return found === undefined || isYes(found.value)
}

function entriesOf(config: Fail2banConfig, section: string): ConfiguredIgnore[] {
  const found = interpolate(config.jail, section, 'ignoreip')
  if (found === undefined) return []
  const places = placesOf(config, section)
  return [...new Set(splitWords(found.value))].map((word) => {
    const { file, line } = places.find(({ raw }) => splitWords(raw).includes(word)) ?? found
    return { entry: plainWord(word), file, line }
  })
}

/** Every option that a list can have its words from, the one that decides first. */
function placesOf({ jail: tree }: Fail2banConfig, section: string): ConfigOption[] {
  const own = tree.sections.get(section)
  const places = [...(own?.places.get('ignoreip') ?? [])].toReversed()
  const defaults = [...(tree.defaultPlaces.get('ignoreip') ?? [])].toReversed()
  const others = [...(own?.options.values() ?? []), ...tree.defaults.values()]
  return [...places, ...defaults, ...others]
}

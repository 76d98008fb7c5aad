import type { ConfigScope, EffectiveSetting, JailSetting, SettingPlace } from '@bangui/shared'
import { findOption } from './catalogue/catalogue.ts'
import { findMeantOption } from './catalogue/find-typos.ts'
import type { OptionScope } from './catalogue/catalogue-option.ts'
import type { ConfigOption, ConfigTree, Fail2banConfig } from './config-model.ts'
import type { Definitions } from './definitions.ts'
import { fail2banCatalogue, threadCatalogue } from './catalogue/fail2ban-options.ts'
import { variableCatalogue } from './catalogue/jail-options.ts'
import { usedNames } from './find-hints.ts'
import { interpolateOption, interpolateWith } from './interpolate.ts'
import type { ExtraValues } from './interpolate.ts'
import { hasJail } from './list-jails.ts'
import { jailOptions } from './options.ts'
import { resolveDefinition, resolveJail } from './resolve-jail.ts'
import type { ResolvedDefinition, ResolveOptions } from './resolve-jail.ts'

/** The part of the configuration that is asked for. */
export interface SettingsQuery {
  readonly scope: ConfigScope
  /** of the jail, the filter or the action */
  readonly name?: string
}

/** What the settings are made of: the configuration, and the filters and actions that the part needs. */
export interface SettingsSource extends ResolveOptions {
  readonly config: Fail2banConfig
  readonly definitions: Definitions
}

/** Returns the effective settings of a part of the configuration, each with all places that set it. */
export function effectiveSettings(
  source: SettingsSource,
  { scope, name = '' }: SettingsQuery,
): EffectiveSetting[] {
  const { jail, fail2ban } = source.config
  if (scope === 'jail') return settingsOfJail(source, name)
  if (scope === 'default')
    return settingsOfSection({ tree: jail, section: 'DEFAULT', scope: 'jail' }, jailOptions).map(
      (setting) => ({ ...setting, ownIn: jailsWithOwn(source.config, setting.key) }),
    )
  if (scope === 'fail2ban') {
    const known = { Definition: fail2banCatalogue, Thread: threadCatalogue }
    return Object.entries(known).flatMap(([section, options]) =>
      settingsOfSection(
        { tree: fail2ban, section, scope },
        options.map(({ key }) => key),
      ),
    )
  }
  const tree = source.definitions.get(`${scope}.d/${name}`)?.tree
  if (tree === undefined) return []
  return settingsOfDefinition(tree, resolveDefinition(tree, { ...source, kind: scope, name }), scope)
}

/** The jails that set an option themselves. */
const jailsWithOwn = (config: Fail2banConfig, key: string): string[] =>
  [...config.jail.sections]
    .filter(([name, { options }]) => options.has(key) && hasJail(config, name))
    .map(([name]) => name)

function settingsOfJail(source: SettingsSource, name: string): EffectiveSetting[] {
  const { config, definitions } = source
  const resolved = resolveJail(config, name, source)
  const used = [
    ...(resolved.filter === null ? [] : [['filter', resolved.filter] as const]),
    ...resolved.actions.flatMap((action) => (action === null ? [] : [['action', action] as const])),
  ]
  return [
    ...settingsOfSection({ tree: config.jail, section: name, scope: 'jail', values: resolved.known }, [
      ...jailOptions,
      ...variableCatalogue.map(({ key }) => key),
    ]).filter(({ key, isDefault }) => !isDefault || resolved.filter?.values.has(key) !== true),
    ...used.flatMap(([scope, definition]) => {
      const tree = definitions.get(`${scope}.d/${definition.name}`)?.tree
      return tree === undefined ? [] : settingsOfDefinition(tree, definition, scope)
    }),
  ]
}

/** The options of a jail that are shown with fail2ban's default where no file sets them. */
const shownDefaults = new Set(['enabled', 'backend', 'bantime', 'findtime', 'maxretry'])

/** Returns the options of a jail among its effective settings, and after them the variables that its own section sets, by name. */
export function ownSettings(
  settings: readonly EffectiveSetting[],
  { jail: tree }: Fail2banConfig,
  jail: string,
): JailSetting[] {
  const own = settings.filter(
    ({ section, key, isDefault }) => section === jail && (!isDefault || shownDefaults.has(key)),
  )
  const isOption = ({ key }: EffectiveSetting) => jailOptions.includes(key)
  const inSection = tree.sections.get(jail)?.options
  const variables = own
    .filter((setting) => !isOption(setting) && inSection?.has(setting.key) === true)
    .toSorted((one, other) => (one.key < other.key ? -1 : 1))
  return [...own.filter(isOption), ...variables].map(({ key, value, file, line, inForce }) => ({
    key,
    value,
    file,
    line,
    ...(inForce !== null && { inForce }),
  }))
}

interface Place {
  readonly tree: ConfigTree
  readonly section: string
  readonly scope: OptionScope
  /** what is known beside the options of the files */
  readonly values?: ExtraValues
}

/** The options that fail2ban reads of a section, and those that stand in it besides. */
function settingsOfSection(place: Place, read: readonly string[]): EffectiveSetting[] {
  const { tree, section, values = new Map() } = place
  const own = (section === 'DEFAULT' ? tree.defaults : tree.sections.get(section)?.options)?.keys() ?? []
  return [...new Set([...read, ...own])].flatMap((key) => {
    const found = interpolateWith(values, tree, { section, key })
    // fail2ban adds some names of its own to [DEFAULT]
    if (found?.file === null) return []
    if (found !== undefined) return [settingOf(place, found, found.value)]
    const fallback = findOption(place.scope, key)?.default
    if (fallback === undefined) return []
    const nowhere = { raw: null, file: null, line: null, inForce: null, overrides: [] }
    return [{ key, section, value: fallback, isDefault: true, ...nowhere }]
  })
}

/** The values of a filter or an action, those that fail2ban itself adds left out. */
const settingsOfDefinition = (
  tree: ConfigTree,
  { name, values }: ResolvedDefinition,
  scope: 'filter' | 'action',
): EffectiveSetting[] =>
  [...values].flatMap(([key, { text, option }]) => {
    if (key.startsWith('known/')) return []
    const section = `${scope}.d/${name}`
    const inside = tree.sections.get('Init')?.options.has(key) === true ? 'Init' : 'Definition'
    if (option !== null) return [{ ...settingOf({ tree, section: inside, scope }, option, text), section }]
    const nowhere = { raw: null, file: null, line: null, inForce: null }
    return [
      {
        key,
        section,
        value: text,
        isDefault: false,
        ...nowhere,
        overrides: placesOf({ tree, section: inside, scope }, key),
      },
    ]
  })

function settingOf(place: Place, option: ConfigOption, value: string): EffectiveSetting {
  const { key, raw, file, line } = option
  const { tree, section } = place
  const isInherited = section !== 'DEFAULT' && tree.sections.get(section)?.options.has(key) !== true
  const meant = meantBy(place, key)
  const overrides = placesOf(place, key).filter((other) => other.file !== file || other.line !== line)
  return {
    key,
    section: place.section,
    value,
    raw,
    file,
    line,
    isDefault: file === null,
    inForce: null,
    overrides,
    ...(isInherited && { inherited: true }),
    ...(meant !== undefined && { meant }),
  }
}

/** The option that was probably meant by a name that is unknown and that no value uses. */
function meantBy({ tree, section, scope }: Place, key: string): string | undefined {
  // in other sections of a filter or an action, every name is a variable
  if ((scope === 'filter' || scope === 'action') && section !== 'Definition') return undefined
  const meant = findMeantOption(scope, key)
  return meant === undefined || usedNames(tree).has(key) ? undefined : meant
}

/** Every place that sets an option, the one that decides first, with the value of each; fail2ban's own default is the last. */
function placesOf({ tree, section, scope, values = new Map() }: Place, key: string): SettingPlace[] {
  const own = tree.sections.get(section)?.places.get(key) ?? []
  const all = [...(tree.defaultPlaces.get(key) ?? []), ...own].toReversed()
  const places = new Map<string, SettingPlace>()
  for (const option of all) {
    const { file, line } = option
    const id = `${file}:${line}`
    if (!places.has(id))
      places.set(id, { file, line, value: interpolateOption(values, tree, { section, option }).value })
  }
  const fallback = findOption(scope, key)?.default
  const last = fallback === undefined ? [] : [{ file: null, line: null, value: fallback }]
  return [...places.values(), ...last]
}

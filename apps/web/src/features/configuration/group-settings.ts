import { type EffectiveSetting, parseDuration } from '@bangui/shared'
import type { SettingsPart } from './config-part.ts'
import type { CatalogueOption, OptionScope } from './option-words.ts'

/** One line of a settings page: what the configuration says about an option, and what is known of the option. */
export interface SettingLine {
  readonly section: string
  readonly key: string
  /** undefined: nothing sets it, and fail2ban has no default for it */
  readonly setting: EffectiveSetting | undefined
  /** undefined: a name that fail2ban does not know, such as a variable */
  readonly option: CatalogueOption | undefined
}

export interface SettingGroup {
  readonly title: string
  readonly lines: readonly SettingLine[]
  /** few people need any of it */
  readonly isRare: boolean
}

const PATTERNS = 'Patterns'

const jailGroups: readonly (readonly [title: string, keys: readonly string[]])[] = [
  [
    'What is watched',
    [
      'enabled',
      'filter',
      'logpath',
      'journalmatch',
      'backend',
      'logencoding',
      'logtimezone',
      'skip_if_nologs',
      'systemd_if_nologs',
    ],
  ],
  ['When it bans', ['maxretry', 'findtime', 'usedns', 'maxmatches']],
  [
    'How long a ban lasts',
    [
      'bantime',
      'bantime.increment',
      'bantime.multipliers',
      'bantime.factor',
      'bantime.formula',
      'bantime.maxtime',
      'bantime.rndtime',
      'bantime.overalljails',
    ],
  ],
  ['Who is never banned', ['ignoreip', 'ignoreself', 'ignorecommand', 'ignorecache']],
  [
    'What a ban does',
    [
      'action',
      'banaction',
      'banaction_allports',
      'port',
      'protocol',
      'chain',
      'destemail',
      'sender',
      'mta',
      'fail2ban_agent',
      'action_',
      'action_mw',
      'action_mwl',
    ],
  ],
  [PATTERNS, ['failregex', 'prefregex', 'ignoreregex', 'datepattern', 'maxlines']],
]

/** The options of a jail that few people change: they are folded away while nobody here has set them. */
const rareKeys: ReadonlySet<string> = new Set([
  'logencoding',
  'logtimezone',
  'skip_if_nologs',
  'systemd_if_nologs',
  'usedns',
  'maxmatches',
  'bantime.factor',
  'bantime.formula',
  'bantime.multipliers',
  'bantime.rndtime',
  'bantime.overalljails',
  'ignorecommand',
  'ignorecache',
  'banaction_allports',
  'chain',
  'destemail',
  'sender',
  'mta',
  'fail2ban_agent',
  'action_',
  'action_mw',
  'action_mwl',
])

const groupsOf: Record<OptionScope, typeof jailGroups> = {
  jail: jailGroups,
  filter: [
    [PATTERNS, ['failregex', 'prefregex', 'ignoreregex', 'datepattern', 'maxlines']],
    ['Reading', ['journalmatch', 'usedns']],
  ],
  action: [
    [
      'Commands',
      [
        'actionban',
        'actionunban',
        'actionstart',
        'actionstop',
        'actioncheck',
        'actionrepair',
        'actionflush',
        'actionprolong',
        'actionreban',
        'actionstart_on_demand',
        'norestored',
      ],
    ],
  ],
  fail2ban: [
    ['Log', ['loglevel', 'logtarget', 'syslogsocket']],
    ['Database', ['dbfile', 'dbpurgeage', 'dbmaxmatches']],
    ['Process', ['socket', 'pidfile', 'allowipv6', 'stacksize']],
  ],
}

/** The options of a scope, the sections where they stand, and what remains besides them. */
interface Place {
  readonly scope: OptionScope
  readonly isHere: (section: string) => boolean
  /** the section of an option that nothing sets */
  readonly section: (key: string) => string
  readonly others: string
}

/** Returns the settings of a part in groups, with the options that nothing sets. */
export function groupSettings(
  part: SettingsPart,
  settings: readonly EffectiveSetting[],
  catalogue: Readonly<Record<OptionScope, readonly CatalogueOption[]>>,
): SettingGroup[] {
  const own = ownPlace(part)
  const groups = groupsIn(own, settings, catalogue[own.scope])
  if (part.kind !== 'jail') return groups
  const used = [...new Set(settings.map(({ section }) => section))].filter((section) => !own.isHere(section))
  return [
    ...groups,
    ...used.map((section) => {
      const [, folder, name] = /^(filter|action)\.d\/(.*)$/s.exec(section) ?? []
      const scope = folder === 'filter' ? 'filter' : 'action'
      const lines = settings
        .filter((setting) => setting.section === section)
        .map((setting) => lineOf(setting, catalogue[scope]))
      const title = `${folder === 'filter' ? 'Filter' : 'Action'} ${name} in this jail`
      return { title, lines, isRare: true }
    }),
  ]
}

function ownPlace(part: SettingsPart): Place {
  const isHere = () => true
  const others = 'Variables and other names'
  if (part.kind === 'default') return { scope: 'jail', isHere, section: () => 'DEFAULT', others }
  if (part.kind === 'fail2ban') {
    const section = (key: string) => (key === 'stacksize' ? 'Thread' : 'Definition')
    return { scope: 'fail2ban', isHere, section, others: 'Other names' }
  }
  const { kind, name } = part
  if (kind === 'jail')
    return { scope: 'jail', isHere: (section) => section === name, section: () => name, others }
  return { scope: kind, isHere, section: () => `${kind}.d/${name}`, others: 'Parameters and variables' }
}

function groupsIn(
  { scope, isHere, section, others }: Place,
  settings: readonly EffectiveSetting[],
  options: readonly CatalogueOption[],
): SettingGroup[] {
  const here = settings.filter((setting) => isHere(setting.section))
  const byKey = new Map(here.map((setting) => [setting.key, setting]))
  const groups = groupsOf[scope].map(([title, keys]) => ({
    title,
    lines: keys.flatMap((key): SettingLine[] => {
      const option = options.find((each) => each.key === key)
      const setting = byKey.get(key)
      // a variable that nobody sets does nothing
      if (setting === undefined && (option === undefined || option.isVariable === true)) return []
      return [{ section: setting?.section ?? section(key), key, setting, option }]
    }),
    isRare: scope === 'jail' && title === PATTERNS,
  }))
  const grouped = new Set(groupsOf[scope].flatMap(([, keys]) => keys))
  const rest = here.filter(({ key }) => !grouped.has(key)).map((setting) => lineOf(setting, options))
  const last = { title: others, lines: rest, isRare: scope === 'jail' }
  return [...groups, last].filter(({ lines }) => lines.length > 0)
}

const lineOf = (setting: EffectiveSetting, options: readonly CatalogueOption[]): SettingLine => ({
  section: setting.section,
  key: setting.key,
  setting,
  option: options.find(({ key }) => key === setting.key),
})

/** Only own files are changed, so only an own value can be taken back. */
export const isOwnValue = ({ setting }: SettingLine): boolean =>
  setting?.file?.endsWith('.local') === true && setting.inherited !== true

/** Returns whether few people need a setting of a group, and there is nothing to say about it here. */
export const isRareLine = (line: SettingLine, group: Pick<SettingGroup, 'isRare'>): boolean =>
  (group.isRare || rareKeys.has(line.key)) &&
  !isOwnValue(line) &&
  (line.setting?.inForce ?? null) === null &&
  line.setting?.meant === undefined

/** Returns the value that fail2ban uses where no file sets an option; undefined: there is none. */
export const defaultOf = ({ option, setting }: SettingLine): string | undefined =>
  option?.default ?? setting?.overrides.find(({ file }) => file === null)?.value

/** Returns whether a file gives an option another value than fail2ban's own default. */
export function differsFromDefault(line: SettingLine): boolean {
  const { setting, option } = line
  if (setting === undefined || setting.isDefault) return false
  const fallback = defaultOf(line)
  if (fallback === undefined) return setting.value !== '' || setting.hidden === true
  return !isSameValue(setting.value, fallback, option?.type)
}

const yes = ['1', 'on', 'true', 'yes']

/** Returns whether fail2ban reads a word as yes. */
export const isYesWord = (text: string): boolean => yes.includes(text.toLowerCase())

/** Returns whether fail2ban reads two texts as the same value: `10m` and `600`, `yes` and `true`. */
export function isSameValue(one: string, other: string, type: CatalogueOption['type'] | undefined): boolean {
  if (one === other) return true
  if (type === 'switch') return isYesWord(one) === isYesWord(other)
  if (type !== 'seconds') return false
  const seconds = parseDuration(one)
  return seconds !== undefined && seconds === parseDuration(other)
}

/** Returns the lines whose value in the running daemon is another one. */
export const notLoaded = (groups: readonly SettingGroup[]): SettingLine[] =>
  groups.flatMap(({ lines }) => lines.filter(({ setting }) => (setting?.inForce ?? null) !== null))

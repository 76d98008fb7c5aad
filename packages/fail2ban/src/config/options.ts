import { parseDuration } from '@bangui/shared'

/** The options of a filter that fail2ban reads, of its file and of a jail, in its order (`filterreader.py`, 0.11.2 to 1.1.1). */
export const filterOptions: readonly string[] = [
  'usedns',
  'prefregex',
  'ignoreregex',
  'failregex',
  'maxlines',
  'datepattern',
  'journalmatch',
]

/** The options of a jail that fail2ban reads itself, in its order (`jailreader.py`, 0.11.2 to 1.1.1). */
export const jailOptions: readonly string[] = [
  'enabled',
  'backend',
  'maxretry',
  'maxmatches',
  'findtime',
  'bantime',
  'bantime.increment',
  'bantime.factor',
  'bantime.formula',
  'bantime.multipliers',
  'bantime.maxtime',
  'bantime.rndtime',
  'bantime.overalljails',
  'ignorecommand',
  'ignoreself',
  'ignoreip',
  'ignorecache',
  'filter',
  'logtimezone',
  'logencoding',
  'logpath',
  'skip_if_nologs',
  'systemd_if_nologs',
  'action',
  ...filterOptions,
]

/** The options of a jail that are yes or no. */
export const switchOptions: ReadonlySet<string> = new Set([
  'enabled',
  'bantime.increment',
  'bantime.overalljails',
  'ignoreself',
  'skip_if_nologs',
  'systemd_if_nologs',
])

/** The options of a jail that are whole numbers. */
export const wholeOptions: ReadonlySet<string> = new Set(['maxretry', 'maxmatches', 'maxlines'])

/** The options of `[Definition]` that fail2ban reads of an action, in its order (`actionreader.py`, 0.11.2 to 1.1.1). */
export const actionOptions: ReadonlySet<string> = new Set([
  'actionstart',
  'actionstart_on_demand',
  'actionstop',
  'actionflush',
  'actionreload',
  'actioncheck',
  'actionrepair',
  'actionrepair_on_unban',
  'actionban',
  'actionprolong',
  'actionreban',
  'actionunban',
  'norestored',
])

const durationOptions = new Set(['bantime', 'findtime', 'bantime.maxtime', 'bantime.rndtime', 'dbpurgeage'])

/** Returns whether fail2ban evaluates this option as an expression for seconds. */
export const isDurationOption = (key: string): boolean => durationOptions.has(key.toLowerCase())

/** Returns whether a text is a duration that may be handed to fail2ban, which evaluates it as Python. */
export const isSafeDuration = (text: string): boolean => parseDuration(text) !== undefined

/** Reads fail2ban's words for yes (`1`, `on`, `true`, `yes`); everything else is no (`helpers.py`, `_as_bool`). */
export const isYes = (text: string): boolean => ['1', 'on', 'true', 'yes'].includes(text.toLowerCase())

import type { JailSetting, Role } from '@bangui/shared'

/**
 * Options of a jail that hold no secret. Actions take the keys of other services as parameters, commands may have
 * them too, and a section may have options of its own, which actions are given: those are for administrators.
 */
const open = new Set([
  'enabled',
  'filter',
  'mode',
  'backend',
  'logpath',
  'port',
  'protocol',
  'maxretry',
  'findtime',
  'bantime',
  'bantime.increment',
  'bantime.factor',
  'bantime.formula',
  'bantime.multipliers',
  'bantime.maxtime',
  'bantime.rndtime',
  'bantime.overalljails',
  'maxmatches',
  'ignoreip',
  'ignoreself',
  'ignorecache',
  'logencoding',
  'logtimezone',
  'skip_if_nologs',
  'systemd_if_nologs',
  'usedns',
  'prefregex',
  'failregex',
  'ignoreregex',
  'maxlines',
  'datepattern',
  'journalmatch',
])

/** The settings of a jail as a role may see them: everybody may see that there is a value, and where. */
export const visibleSettings = (settings: readonly JailSetting[], role: Role): JailSetting[] =>
  settings.map((setting) =>
    role === 'admin' || open.has(setting.key) || setting.value === ''
      ? setting
      : { ...setting, value: '', hidden: true },
  )

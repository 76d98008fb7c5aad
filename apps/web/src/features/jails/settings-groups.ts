import type { JailSetting } from '@bangui/shared'

export type SettingsGroup = 'filter' | 'actions' | 'log'

const patterns: Record<SettingsGroup, RegExp> = {
  filter:
    /^(filter|.*regex|datepattern|maxlines|ignore.*|prefregex|mode|findtime|maxretry|maxmatches|usedns)$/,
  actions:
    /^(action.*|banaction.*|bantime.*|chain|port|protocol|dest.*|sender.*|mta|fail2ban_agent|blocktype)$/,
  log: /^(log.*|backend|journal.*|usedns)$/,
}

/** Returns the settings of one tab. */
export const settingsOf = (
  settings: readonly JailSetting[] | undefined,
  group: SettingsGroup,
): readonly JailSetting[] | undefined => settings?.filter((setting) => patterns[group].test(setting.key))

import { type Jail, type ServerStatus, showHidden } from '@bangui/shared'
import { describeDaemon } from '../../lib/daemon-state.ts'
import { describeJail, needsAttention } from '../../lib/jail-state.ts'
import { setTheme } from '../../lib/theme.ts'
import { toast } from '../../ui/toast.tsx'
import type { Command } from './match.ts'

export type CommandSources = {
  jails: readonly Jail[]
  online: boolean
  navigate: (path: string) => void
  probe: () => Promise<ServerStatus>
  signOut: () => void
  describe: (error: unknown) => { message: string }
}

async function checkNow(sources: CommandSources): Promise<void> {
  try {
    const state = describeDaemon(await sources.probe())
    toast({ tone: state.tone, title: state.sentence })
  } catch (error) {
    toast({ tone: 'danger', title: 'fail2ban was not checked', text: sources.describe(error).message })
  }
}

const jailState = (jail: Jail, online: boolean): string =>
  needsAttention(jail, online) ? 'Needs attention' : describeJail(jail, online).word

/** Returns the pages; `go` returns what opens one. */
const listPages = (go: (path: string) => () => void): Command[] => [
  { id: 'overview', group: 'Go to', label: 'Overview', keywords: 'home dashboard', run: go('/') },
  {
    id: 'activity',
    group: 'Go to',
    label: 'Activity',
    keywords: 'history feed events',
    run: go('/activity'),
  },
  { id: 'bans', group: 'Go to', label: 'Bans', keywords: 'banned addresses', run: go('/bans') },
  { id: 'jails', group: 'Go to', label: 'Jails', run: go('/jails') },
  {
    id: 'protection',
    group: 'Go to',
    label: 'Protection',
    keywords: 'health checks findings problems warnings',
    run: go('/protection'),
  },
  {
    id: 'statistics',
    group: 'Go to',
    label: 'Statistics',
    keywords: 'trend top addresses networks countries',
    run: go('/statistics'),
  },
  { id: 'map', group: 'Go to', label: 'Map', keywords: 'world countries', run: go('/map') },
  {
    id: 'configuration',
    group: 'Go to',
    label: 'Configuration',
    keywords: 'files options filters actions defaults jail.local fail2ban.conf',
    run: go('/configuration'),
  },
  {
    id: 'blocklists',
    group: 'Go to',
    label: 'Blocklists',
    keywords: 'lists import feeds known attackers',
    run: go('/blocklists'),
  },
  {
    id: 'allow-list',
    group: 'Go to',
    label: 'Allow list',
    keywords: 'ignoreip never ban whitelist exceptions',
    run: go('/allow-list'),
  },
  {
    id: 'alerts',
    group: 'Go to',
    label: 'Alerts',
    keywords: 'incidents rules channels notifications e-mail webhook messages',
    run: go('/alerts'),
  },
  {
    id: 'regex-lab',
    group: 'Go to',
    label: 'Regex lab',
    keywords: 'failregex filter test fail2ban-regex',
    run: go('/regex-lab'),
  },
  { id: 'logs', group: 'Go to', label: 'Logs', keywords: 'tail journal fail2ban.log', run: go('/logs') },
  {
    id: 'operations',
    group: 'Go to',
    label: 'Operations',
    keywords: 'audit who undo continue record changes',
    run: go('/operations'),
  },
  {
    id: 'settings',
    group: 'Go to',
    label: 'Settings',
    keywords: 'preferences sessions password',
    run: go('/settings'),
  },
]

/** Returns all commands that the palette offers now. */
export function listCommands(sources: CommandSources): Command[] {
  const go = (path: string) => () => sources.navigate(path)
  return [
    ...listPages(go),
    {
      id: 'probe',
      group: 'Actions',
      label: 'Check fail2ban now',
      keywords: 'probe status',
      run: () => void checkNow(sources),
    },
    {
      id: 'theme-light',
      group: 'Actions',
      label: 'Use the light theme',
      keywords: 'appearance',
      run: () => setTheme('light'),
    },
    {
      id: 'theme-dark',
      group: 'Actions',
      label: 'Use the dark theme',
      keywords: 'appearance night',
      run: () => setTheme('dark'),
    },
    {
      id: 'theme-system',
      group: 'Actions',
      label: 'Use the theme of this device',
      keywords: 'appearance system',
      run: () => setTheme('system'),
    },
    { id: 'sign-out', group: 'Actions', label: 'Sign out', keywords: 'log out', run: sources.signOut },
    ...sources.jails.map((jail) => ({
      id: `jail-${jail.name}`,
      group: 'Jails',
      label: showHidden(jail.name),
      keywords: 'jail',
      hint: jailState(jail, sources.online),
      run: go(`/jails/${encodeURIComponent(jail.name)}`),
    })),
  ]
}

import { actionCatalogue } from '../src/config/catalogue/action-options.ts'
import type {
  CatalogueOption,
  OptionNeeds,
  OptionPrivilege,
} from '../src/config/catalogue/catalogue-option.ts'
import { fail2banCatalogue, threadCatalogue } from '../src/config/catalogue/fail2ban-options.ts'
import { filterCatalogue } from '../src/config/catalogue/filter-options.ts'
import { jailCatalogue, variableCatalogue } from '../src/config/catalogue/jail-options.ts'

const chapters: readonly (readonly [title: string, text: string, options: readonly CatalogueOption[]])[] = [
  [
    'Jails and `[DEFAULT]`',
    'In `jail.conf`, `jail.local` and `jail.d`. `[DEFAULT]` applies to every jail that does not set the option itself. A jail can also set the filter options below.',
    jailCatalogue,
  ],
  [
    'Variables of jails',
    'fail2ban itself does not read these variables; the actions in its `jail.conf` use them. Any other name can be used as a variable, too.',
    variableCatalogue,
  ],
  [
    'Filters',
    'In `[Definition]` of the files in `filter.d`. Other names are variables; a jail can set the variables in `[Init]`: `filter = sshd[mode=aggressive]`.',
    filterCatalogue,
  ],
  [
    'Actions',
    'In `[Definition]` of the files in `action.d`. Names in `[Init]` are parameters, which a jail can set: `action = iptables[port=ssh]`.',
    actionCatalogue,
  ],
  ['fail2ban itself', 'In `[Definition]` of `fail2ban.conf` and `fail2ban.local`.', fail2banCatalogue],
  ['Threads', 'In `[Thread]` of the same files.', threadCatalogue],
]

const needs: Readonly<Record<OptionNeeds, string>> = {
  nothing: 'nothing',
  reload: 'reload of the jail',
  'jail restart': 'restart of the jail',
  'daemon restart': 'restart of fail2ban',
}

const privileges: Readonly<Record<OptionPrivilege, string>> = {
  safe: '`jails`',
  guarded: '`jails`, checked',
  all: '`all`',
  never: 'never',
}

/** Returns the page `docs/options.md`, made of the catalogue. */
export function renderOptionsPage(): string {
  const introduction = `# Options of fail2ban

This page is generated from BanGUI's catalogue of options (\`pnpm --filter @bangui/fail2ban run docs\` writes it). It lists every option that fail2ban
0.11.2 to 1.1.1 reads.

- **Default**: the value that fail2ban uses when no file sets the option. The files that come with fail2ban set many options.
- **A change needs**: what must be reloaded or restarted before fail2ban uses a new value. "nothing": the running daemon applies it immediately. A restart of a
  jail lifts its bans briefly and then restores them.
- **Write access**: the value of \`BANGUI_CONFIG_WRITE\` that allows BanGUI to write the option. "checked": only plain values that cannot run a command. An option
  that needs \`all\` can run commands or write files as root. "never": BanGUI does not write the option.
`
  return [introduction, ...chapters.map(renderChapter)].join('\n')
}

const renderChapter = ([title, text, options]: (typeof chapters)[number]): string =>
  `## ${title}

${text}

| option | what it does | value | default | a change needs | write access |
| --- | --- | --- | --- | --- | --- |
${options.map(renderOption).join('\n')}
`

function renderOption(option: CatalogueOption): string {
  const { key, meaning, since } = option
  const added = since === undefined ? '' : ` (since fail2ban ${since})`
  const fallback =
    option.default === undefined ? 'none' : option.default === '' ? 'empty' : code(option.default)
  const cells = [
    code(key),
    `${meaning}${added}`,
    valueOf(option),
    option.isVariable ? '' : fallback,
    needs[option.needs],
    privileges[option.privilege],
  ]
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

function valueOf({ type, unit, choices }: CatalogueOption): string {
  if (type === 'switch') return 'yes or no'
  if (type === 'seconds') return 'seconds, or a duration such as `1h 30m`'
  if (type === 'choice' && choices !== undefined) return choices.map(code).join(', ')
  return unit === undefined ? type : `${type} (${unit})`
}

const code = (text: string) => `\`${text}\``

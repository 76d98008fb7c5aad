import type { CatalogueOption, Grammar } from './catalogue-option.ts'
import {
  cacheGrammar,
  chainGrammar,
  encodingGrammar,
  filterGrammar,
  ignoreGrammar,
  mailGrammar,
  multipliersGrammar,
  pathsGrammar,
  portGrammar,
  protocolGrammar,
  timezoneGrammar,
} from './grammars.ts'

/** The options that fail2ban reads of a jail or of `[DEFAULT]`, in its order; those of the filter can stand there too. */
export const jailCatalogue: readonly CatalogueOption[] = [
  {
    key: 'enabled',
    type: 'switch',
    default: 'false',
    meaning: 'Whether fail2ban starts the jail.',
    needs: 'reload',
    privilege: 'safe',
  },
  {
    key: 'backend',
    type: 'choice',
    choices: ['auto', 'pyinotify', 'polling', 'systemd', 'gamin'],
    default: 'auto',
    meaning: 'How fail2ban detects new log lines; systemd reads the journal.',
    needs: 'reload',
    privilege: 'guarded',
  },
  {
    key: 'maxretry',
    type: 'whole number',
    unit: 'failures',
    default: '3',
    meaning: 'The number of failures within the find time after which an address is banned.',
    needs: 'reload',
    privilege: 'safe',
  },
  {
    key: 'maxmatches',
    type: 'whole number',
    unit: 'lines',
    default: '5',
    meaning: 'How many log lines fail2ban keeps in memory for each address.',
    needs: 'reload',
    privilege: 'safe',
  },
  {
    key: 'findtime',
    type: 'seconds',
    unit: 'seconds',
    default: '600',
    meaning: 'Failures of an address within this time count together.',
    needs: 'reload',
    privilege: 'guarded',
  },
  {
    key: 'bantime',
    type: 'seconds',
    unit: 'seconds',
    default: '600',
    meaning: 'How long a ban lasts; a negative number bans permanently.',
    needs: 'reload',
    privilege: 'guarded',
  },
  {
    key: 'bantime.increment',
    type: 'switch',
    default: 'false',
    meaning: 'Whether each further ban of the same address lasts longer.',
    needs: 'reload',
    privilege: 'safe',
  },
  {
    key: 'bantime.factor',
    type: 'number',
    default: '1',
    meaning: 'The factor by which growing ban times are multiplied.',
    needs: 'reload',
    privilege: 'guarded',
  },
  {
    key: 'bantime.formula',
    type: 'text',
    default: 'ban.Time * (1<<(ban.Count if ban.Count<20 else 20)) * banFactor',
    meaning: 'The Python expression that calculates growing ban times, evaluated at each ban.',
    needs: 'reload',
    privilege: 'all',
  },
  {
    key: 'bantime.multipliers',
    type: 'list',
    meaning:
      'The factors for the ban times of the first, second and later bans of an address; they replace the formula.',
    needs: 'reload',
    privilege: 'safe',
    grammar: multipliersGrammar,
  },
  {
    key: 'bantime.maxtime',
    type: 'seconds',
    unit: 'seconds',
    meaning: 'The longest ban time that growing ban times can reach.',
    needs: 'reload',
    privilege: 'guarded',
  },
  {
    key: 'bantime.rndtime',
    type: 'seconds',
    unit: 'seconds',
    meaning: 'The maximum random time that is added to a growing ban time.',
    needs: 'reload',
    privilege: 'guarded',
  },
  {
    key: 'bantime.overalljails',
    type: 'switch',
    default: 'false',
    meaning: 'Whether growing ban times count the bans in all jails, not only the bans in this jail.',
    needs: 'reload',
    privilege: 'safe',
  },
  {
    key: 'ignorecommand',
    type: 'command',
    meaning:
      'A command that fail2ban runs for each failure; if the command succeeds, the failure does not count.',
    needs: 'reload',
    privilege: 'all',
  },
  {
    key: 'ignoreself',
    type: 'switch',
    default: 'true',
    meaning: 'Whether the addresses of this machine are exempt from bans.',
    needs: 'reload',
    privilege: 'safe',
  },
  {
    key: 'ignoreip',
    type: 'list',
    meaning: 'Addresses, networks and host names that are never banned.',
    needs: 'reload',
    privilege: 'guarded',
    grammar: ignoreGrammar,
  },
  {
    key: 'ignorecache',
    type: 'text',
    meaning: 'For how long and for how many addresses fail2ban caches the result of the ignore command.',
    needs: 'reload',
    privilege: 'guarded',
    grammar: cacheGrammar,
  },
  {
    key: 'filter',
    type: 'references',
    default: '',
    meaning: 'The filter that finds failures: the name of its file in filter.d, with parameters in brackets.',
    needs: 'reload',
    privilege: 'guarded',
    grammar: filterGrammar,
  },
  {
    key: 'logtimezone',
    type: 'text',
    meaning: 'The time zone of log lines that do not include one.',
    needs: 'reload',
    privilege: 'safe',
    grammar: timezoneGrammar,
  },
  {
    key: 'logencoding',
    type: 'text',
    default: 'auto',
    meaning: 'The encoding of the log; auto uses the encoding of the system.',
    needs: 'reload',
    privilege: 'safe',
    grammar: encodingGrammar,
  },
  {
    key: 'logpath',
    type: 'paths',
    meaning:
      'The log files to read, one per line; * matches any text, and tail after a path skips the lines that the file already contains.',
    needs: 'reload',
    privilege: 'guarded',
    grammar: pathsGrammar,
  },
  {
    key: 'skip_if_nologs',
    type: 'switch',
    default: 'false',
    since: '1.1.1',
    meaning: 'Whether fail2ban skips the jail while the jail has no log file, instead of refusing to start.',
    needs: 'reload',
    privilege: 'safe',
  },
  {
    key: 'systemd_if_nologs',
    type: 'switch',
    default: 'true',
    since: '1.1.1',
    meaning: 'Whether a jail with the backend auto reads the systemd journal while the jail has no log file.',
    needs: 'reload',
    privilege: 'safe',
  },
  {
    key: 'action',
    type: 'references',
    default: '',
    meaning:
      'The actions that fail2ban runs for each ban: the names of their files in action.d, one per line, with parameters in brackets.',
    needs: 'jail restart',
    privilege: 'all',
  },
]

interface Variable {
  readonly key: string
  readonly meaning: string
  /** absent: it becomes a part of a command or of the name of a file, whatever it is */
  readonly grammar?: Grammar
}

const variable = ({ grammar, ...own }: Variable): CatalogueOption => ({
  ...own,
  type: 'text',
  needs: 'jail restart',
  isVariable: true,
  ...(grammar === undefined ? { privilege: 'all' } : { privilege: 'guarded', grammar }),
})

/** Variables that the actions in fail2ban's `jail.conf` use. */
export const variableCatalogue: readonly CatalogueOption[] = [
  { key: 'port', grammar: portGrammar, meaning: 'The ports that the action blocks, as names or numbers.' },
  { key: 'protocol', grammar: protocolGrammar, meaning: 'The protocol that the action blocks, such as tcp.' },
  { key: 'chain', grammar: chainGrammar, meaning: 'The firewall chain to which the rules are added.' },
  { key: 'banaction', meaning: 'The action that blocks the jail’s ports.' },
  { key: 'banaction_allports', meaning: 'The action that blocks all ports.' },
  { key: 'mta', meaning: 'The program that sends email, as part of an action name.' },
  { key: 'destemail', grammar: mailGrammar, meaning: 'The recipient of the email that actions send.' },
  { key: 'sender', grammar: mailGrammar, meaning: 'The sender of the email that actions send.' },
  {
    key: 'fail2ban_agent',
    meaning: 'The name under which fail2ban reports addresses to a service.',
  },
  { key: 'action_', meaning: 'The standard action that only bans.' },
  { key: 'action_mw', meaning: 'The standard action that bans and sends an email with whois data.' },
  {
    key: 'action_mwl',
    meaning: 'The standard action that bans and sends an email with whois data and log lines.',
  },
].map(variable)

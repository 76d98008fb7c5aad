import type { CatalogueOption } from './catalogue-option.ts'

/** The options of `[Definition]` in `fail2ban.conf`. */
export const fail2banCatalogue: readonly CatalogueOption[] = [
  {
    key: 'loglevel',
    type: 'choice',
    choices: ['CRITICAL', 'ERROR', 'WARNING', 'NOTICE', 'INFO', 'DEBUG', 'TRACEDEBUG', 'HEAVYDEBUG'],
    default: 'INFO',
    meaning: 'How much detail fail2ban writes to its log.',
    needs: 'nothing',
    privilege: 'guarded',
  },
  {
    key: 'logtarget',
    type: 'text',
    default: '/var/log/fail2ban.log',
    meaning: 'Where fail2ban writes its log: a file, SYSLOG, SYSTEMD-JOURNAL, STDOUT or STDERR.',
    needs: 'nothing',
    privilege: 'all',
  },
  {
    key: 'syslogsocket',
    type: 'text',
    default: 'auto',
    meaning: 'The syslog socket that fail2ban uses when the log target is SYSLOG.',
    needs: 'daemon restart',
    privilege: 'all',
  },
  {
    key: 'allowipv6',
    type: 'choice',
    choices: ['auto', 'yes', 'no'],
    default: 'auto',
    since: '1.0.1',
    meaning:
      'Whether fail2ban handles IPv6 addresses; auto means that fail2ban checks whether the system supports IPv6.',
    needs: 'daemon restart',
    privilege: 'guarded',
  },
  {
    key: 'dbfile',
    type: 'text',
    default: '/var/lib/fail2ban/fail2ban.sqlite3',
    meaning:
      'The file of fail2ban’s database; with None or :memory:, fail2ban forgets its bans when it restarts.',
    needs: 'daemon restart',
    privilege: 'all',
  },
  {
    key: 'dbmaxmatches',
    type: 'whole number',
    unit: 'lines',
    default: '10',
    meaning: 'How many log lines the database keeps for each ban.',
    needs: 'nothing',
    privilege: 'guarded',
  },
  {
    key: 'dbpurgeage',
    type: 'seconds',
    unit: 'seconds',
    default: '1d',
    meaning: 'How long the database keeps a ban after it ends.',
    needs: 'nothing',
    privilege: 'guarded',
  },
  {
    key: 'socket',
    type: 'text',
    default: '/var/run/fail2ban/fail2ban.sock',
    meaning: 'The socket on which fail2ban receives commands.',
    needs: 'daemon restart',
    privilege: 'never',
  },
  {
    key: 'pidfile',
    type: 'text',
    default: '/var/run/fail2ban/fail2ban.pid',
    meaning: 'The file to which fail2ban writes its process ID.',
    needs: 'daemon restart',
    privilege: 'never',
  },
]

/** The options of `[Thread]` in `fail2ban.conf`. */
export const threadCatalogue: readonly CatalogueOption[] = [
  {
    key: 'stacksize',
    type: 'whole number',
    unit: 'KiB',
    default: '0',
    meaning:
      'The stack size of each thread; 0 means the system default, and any other value must be at least 32.',
    needs: 'daemon restart',
    privilege: 'all',
  },
]

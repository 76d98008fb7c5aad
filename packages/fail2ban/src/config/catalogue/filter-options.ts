import type { CatalogueOption } from './catalogue-option.ts'
import { lookupGrammar } from './grammars.ts'

/** The options of `[Definition]` of a filter, which a jail can set itself, in the order in which fail2ban reads them. */
export const filterCatalogue: readonly CatalogueOption[] = [
  {
    key: 'usedns',
    type: 'choice',
    choices: ['yes', 'warn', 'no', 'raw'],
    default: 'warn',
    meaning: 'Whether fail2ban looks up the addresses of host names in a log.',
    needs: 'reload',
    privilege: 'guarded',
    grammar: lookupGrammar,
  },
  {
    key: 'prefregex',
    type: 'regexes',
    meaning: 'A line must match this expression first; the other expressions see only its <F-CONTENT> part.',
    needs: 'reload',
    privilege: 'guarded',
  },
  {
    key: 'ignoreregex',
    type: 'regexes',
    meaning: 'Lines that match one of these expressions do not count as failures.',
    needs: 'reload',
    privilege: 'guarded',
  },
  {
    key: 'failregex',
    type: 'regexes',
    meaning: 'A line that matches one of these expressions counts as a failure of the address at <HOST>.',
    needs: 'reload',
    privilege: 'guarded',
  },
  {
    key: 'maxlines',
    type: 'whole number',
    unit: 'lines',
    default: '1',
    meaning: 'How many log lines an expression can span.',
    needs: 'reload',
    privilege: 'safe',
  },
  {
    key: 'datepattern',
    type: 'text',
    meaning: 'The format of the time in a log line; without this option, fail2ban tries the usual formats.',
    needs: 'reload',
    privilege: 'safe',
  },
  {
    key: 'journalmatch',
    type: 'list',
    meaning: 'Which entries of the systemd journal the jail reads.',
    needs: 'reload',
    privilege: 'safe',
  },
]

import { type LockOutRisk, showHidden } from '@bangui/shared'
import { formatList } from './format.ts'

const MAX_NAMED = 3

const named = (jails: readonly string[]): string => {
  const shown = jails.slice(0, MAX_NAMED).map(showHidden)
  return formatList(jails.length > MAX_NAMED ? [...shown, `${jails.length - MAX_NAMED} more`] : shown)
}

const words: Record<LockOutRisk['cause'], (jails: string, isOne: boolean) => string> = {
  ignore_list: (jails, isOne) => `it changes whom ${jails} never ${isOne ? 'bans' : 'ban'}`,
  actions: (jails) => `it changes the actions of ${jails}`,
  ports: (jails) => `it changes the ports of ${jails}`,
  chain: (jails) => `it changes the firewall chain of ${jails}`,
  regexes: (jails, isOne) => `it changes what ${jails} ${isOne ? 'counts' : 'count'} as a failure`,
  way_in: (jails, isOne) => `${jails} ${isOne ? 'watches' : 'watch'} SSH or BanGUI`,
  all_ports: (jails, isOne) => `${jails} ${isOne ? 'blocks' : 'block'} every port`,
}

/** Returns why a change can lock people out, to follow "because". */
export const describeRisks = (risks: readonly LockOutRisk[]): string =>
  formatList(risks.map(({ cause, jails }) => words[cause](named(jails), jails.length === 1)))

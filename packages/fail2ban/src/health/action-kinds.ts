import { programsOf } from './firewall/action-programs.ts'
import type { ActionSeen } from './seen/daemon-seen.ts'

/** Programs that block in a firewall or by a route. */
const blockingPrograms = new Set(
  (
    'iptables ip6tables nft ipset firewall-cmd ufw shorewall shorewall6 route ip ipfw pfctl npfctl ipf apf csf vpp_ctl ' +
    'fwtool bpfctl nginx'
  ).split(' '),
)

/** Actions that block by writing a file, or far from here. */
const blockingNames =
  /^(?:hostsdeny|cloudflare|nginx-block-map|apf|symbiosis-blacklist-allports|shorewall|netscaler|mikrotik)/

/** Returns whether an action blocks addresses, on this machine or elsewhere; others only report or write a list. */
export const blocksItself = (action: ActionSeen): boolean =>
  blockingNames.test(action.name) ||
  programsOf(action).some((program) => blockingPrograms.has(program.split('/').at(-1) ?? ''))

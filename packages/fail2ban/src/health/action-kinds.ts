import type { ActionSeen } from './seen/daemon-seen.ts'

/** Programs that block in a firewall or at the door of a service. */
const blocking =
  /(?:^|[\s;|&({/"'])(?:ip6?tables|nft|ipset|firewall-cmd|ufw|shorewall6?|route|ip|ipfw|pfctl|npfctl|bsd-ipfw|apf|csf|nginx|vpp_ctl|<iptables>|<nftables>|<ipset>)(?=[\s;|&)"']|$)/

/** Actions that block by writing a file, or far from here. */
const blockingNames =
  /^(?:hostsdeny|cloudflare|nginx-block-map|apf|symbiosis-blacklist-allports|shorewall|netscaler|mikrotik|vpc|aws)/

/** Returns whether an action blocks addresses, on this machine or elsewhere; others only report or write a list. */
export function blocksItself({ name, properties }: ActionSeen): boolean {
  const ban = properties.get('actionban') ?? ''
  return blockingNames.test(name) || blocking.test(ban) || blocking.test(properties.get('actionstart') ?? '')
}

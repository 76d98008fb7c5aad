/**
 * Where the invented attackers come from: parts of large blocks that the regional registries gave to one access
 * provider each, so that the countries are right. The hosts are drawn at random; nobody there did anything, and
 * nothing is ever sent to them.
 */
export interface AttackNetwork {
  readonly country: string
  /** the first two bytes of an IPv4 address, or the first two groups of an IPv6 address */
  readonly prefix: string
  readonly weight: number
}

export const attackNetworks: readonly [AttackNetwork, ...AttackNetwork[]] = [
  { country: 'CN', prefix: '36.96', weight: 6 },
  { country: 'CN', prefix: '116.224', weight: 6 },
  { country: 'CN', prefix: '240e:300', weight: 1 },
  { country: 'US', prefix: '73.32', weight: 4 },
  { country: 'US', prefix: '99.8', weight: 3 },
  { country: 'RU', prefix: '95.24', weight: 4 },
  { country: 'RU', prefix: '178.64', weight: 3 },
  { country: 'IN', prefix: '117.192', weight: 4 },
  { country: 'BR', prefix: '177.32', weight: 3 },
  { country: 'VN', prefix: '113.160', weight: 3 },
  { country: 'ID', prefix: '125.160', weight: 3 },
  { country: 'KR', prefix: '121.128', weight: 2 },
  { country: 'DE', prefix: '91.10', weight: 1 },
  { country: 'DE', prefix: '2003:c0', weight: 1 },
  { country: 'FR', prefix: '90.32', weight: 1 },
  { country: 'NL', prefix: '77.160', weight: 1 },
  { country: 'GB', prefix: '86.130', weight: 1 },
  { country: 'TR', prefix: '88.224', weight: 2 },
  { country: 'IR', prefix: '5.112', weight: 2 },
  { country: 'MX', prefix: '189.128', weight: 2 },
  { country: 'ZA', prefix: '105.224', weight: 1 },
  { country: 'JP', prefix: '126.32', weight: 1 },
]

import { readFile } from 'node:fs/promises'
import { machineAddresses } from '../../host/machine-addresses.ts'
import type { Collector } from './collector.ts'

/** Sees the addresses of this machine, its gateways and its name servers. */
export const collectNetwork: Collector<'network'> = async () => {
  const [routes, routes6, resolver] = await Promise.all([
    read('/proc/net/route'),
    read('/proc/net/ipv6_route'),
    read('/etc/resolv.conf'),
  ])
  return {
    own: machineAddresses(),
    gateways: [...gatewaysOf(routes), ...gateways6Of(routes6)],
    nameServers: [...resolver.matchAll(/^\s*nameserver\s+([0-9a-fA-F.:]+)/gm)].map(
      ([, address = '']) => address,
    ),
  }
}

const read = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '')

/** Destination 0 is the default; addresses are words in the order of the machine. */
export const gatewaysOf = (table: string): string[] =>
  table
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, destination, gateway = ''] = line.split('\t')
      if (destination !== '00000000' || gateway === '00000000') return []
      return [
        (gateway.match(/../g) ?? [])
          .toReversed()
          .map((byte) => Number.parseInt(byte, 16))
          .join('.'),
      ]
    })

export const gateways6Of = (table: string): string[] =>
  table.split('\n').flatMap((line) => {
    const [destination, length, , , gateway = ''] = line.split(/\s+/)
    if (length !== '00' || !/^0+$/.test(destination ?? '') || /^0*$/.test(gateway)) return []
    return [(gateway.match(/.{4}/g) ?? []).join(':')]
  })

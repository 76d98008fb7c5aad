import { networkInterfaces } from 'node:os'
import type { Config } from '../../config.ts'

/** The addresses of this machine, and those through which BanGUI is reached: its own and those of its proxies. */
export function ownAddresses({ publicUrl, trustProxy }: Pick<Config, 'publicUrl' | 'trustProxy'>): string[] {
  const interfaces = Object.values(networkInterfaces()).flatMap((all) => all ?? [])
  const own = interfaces.map(({ address }) => address.replace(/%.*$/, ''))
  const host = publicUrl === null ? '' : new URL(publicUrl).hostname.replaceAll(/[[\]]/g, '')
  return [...own, host, ...trustProxy]
}

import { machineAddresses } from '@bangui/fail2ban'
import type { Config } from '../../config.ts'

/** Returns the addresses through which BanGUI is reached: those of its machine, its public URL and its proxies. */
export function ownAddresses({ publicUrl, trustProxy }: Pick<Config, 'publicUrl' | 'trustProxy'>): string[] {
  const host = publicUrl === null ? '' : new URL(publicUrl).hostname.replaceAll(/[[\]]/g, '')
  return [...machineAddresses(), host, ...trustProxy]
}

import { isIP } from 'node:net'

/** The names that a request may address, beside IP addresses. */
export interface OwnNames {
  readonly machineName: string
  readonly publicUrl: string | null
}

/**
 * Returns whether a `Host` header names this server. A site that points its own name at this machine (DNS rebinding) has
 * another name; an IP address cannot be pointed anywhere.
 */
export function isOwnHost(header: string, { machineName, publicUrl }: OwnNames): boolean {
  const name = hostNameOf(header)
  if (name === undefined) return false
  if (isIP(name) !== 0 || name === 'localhost') return true
  const machine = machineName.toLowerCase()
  if (name === machine || name === machine.split('.')[0]) return true
  return publicUrl !== null && name === new URL(publicUrl).hostname
}

/** The name in a `Host` header: without port, brackets, and the dot of the root. */
function hostNameOf(header: string): string | undefined {
  const [, bracketed, plain] = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(header) ?? []
  return bracketed ?? plain?.toLowerCase().replace(/\.$/, '')
}

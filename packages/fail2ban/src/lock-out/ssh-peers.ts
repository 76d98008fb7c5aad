import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseAddress } from '@bangui/shared'

/** Who is connected to this machine by SSH. */
export interface SshPeers {
  readonly addresses: readonly string[]
  /** an SSH server is seen to listen: without it, there may be connections that are not seen */
  readonly hasServer: boolean
}

/** `TCP_ESTABLISHED` and `TCP_LISTEN` (include/net/tcp_states.h). */
const ESTABLISHED = '01'
const LISTENING = '0A'

/** Returns the addresses with an open connection to a port of SSH, from the tables of the kernel (`/proc/net/tcp` and `tcp6`). */
export function findSshPeers(tables: readonly string[], ports: readonly number[]): SshPeers {
  const rows = tables.flatMap((table) =>
    table
      .split('\n')
      .slice(1)
      .flatMap((line) => {
        const [, local = '', remote = '', state] = line.trim().split(/\s+/)
        const port = Number.parseInt(local.split(':')[1] ?? '', 16)
        return ports.includes(port) ? [{ remote: remote.split(':')[0] ?? '', state }] : []
      }),
  )
  const found = rows.flatMap(({ remote, state }) => (state === ESTABLISHED ? addressOf(remote) : []))
  return { addresses: [...new Set(found)], hasServer: rows.some(({ state }) => state === LISTENING) }
}

/** The kernel prints each word of four bytes in the order of the machine, which is the little one here. */
function addressOf(hex: string): string[] {
  const bytes = hex.match(/.{8}/g)?.flatMap((word) => (word.match(/../g) ?? []).toReversed()) ?? []
  const v4 = (last: readonly string[]) => last.map((byte) => Number.parseInt(byte, 16)).join('.')
  if (bytes.length === 4) return textOf(v4(bytes))
  if (bytes.length !== 16) return []
  const isMapped = bytes.slice(0, 12).join('').toLowerCase() === '00000000000000000000ffff'
  if (isMapped) return textOf(v4(bytes.slice(12)))
  return textOf(
    Array.from({ length: 8 }, (_, index) => `${bytes[index * 2]}${bytes[index * 2 + 1]}`).join(':'),
  )
}

function textOf(text: string): string[] {
  const address = parseAddress(text)
  return address ? [address.text] : []
}

/** Returns the ports on which OpenSSH is configured to listen; 22 where nothing says otherwise. */
export function sshPorts(configs: readonly string[]): number[] {
  const named = configs.flatMap((text) =>
    [...text.matchAll(/^\s*(?:Port\s+|ListenAddress\s+\S+:)(\d{1,5})\s*$/gim)].map(([, port]) =>
      Number(port),
    ),
  )
  return named.length > 0 ? [...new Set(named)] : [22]
}

/** Sees who is connected to this machine by SSH now. */
export async function readSshPeers(): Promise<SshPeers> {
  const read = (path: string) => readFile(path, 'utf8').catch(() => '')
  const folder = '/etc/ssh/sshd_config.d'
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.conf'))
  const configs = await Promise.all(
    ['/etc/ssh/sshd_config', ...names.map((name) => join(folder, name))].map(read),
  )
  return findSshPeers(await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(read)), sshPorts(configs))
}

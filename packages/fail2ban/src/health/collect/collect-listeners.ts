import { readFile } from 'node:fs/promises'
import type { Family, Listener } from '../seen/firewall-seen.ts'
import { UnseenError, type Collector } from './collector.ts'
import { createProcFiles, listPids, type ProcFiles } from './proc-files.ts'

/** `TCP_LISTEN`; udp sockets that take packets from everybody are `TCP_CLOSE` (include/net/tcp_states.h). */
const listening = { tcp: '0A', udp: '07' } as const

/** Sees where this machine listens, and which processes do. */
export const collectListeners: Collector<'listeners'> = async () => {
  const sockets = (
    await Promise.all(
      (['tcp', 'udp'] as const).flatMap((protocol) => [readTable(protocol, 4), readTable(protocol, 6)]),
    )
  ).flat()
  if (sockets.length === 0) throw new UnseenError('BanGUI does not see any socket of this machine.')
  const owners = await findOwners(new Set(sockets.map(({ inode }) => inode)))
  return sockets.map(({ inode, ...socket }) => ({ ...socket, processes: [...(owners.get(inode) ?? [])] }))
}

type Socket = Omit<Listener, 'processes'> & { readonly inode: string }

async function readTable(protocol: 'tcp' | 'udp', family: Family): Promise<Socket[]> {
  const text = await readFile(`/proc/net/${protocol}${family === 6 ? '6' : ''}`, 'utf8').catch(() => '')
  return text
    .split('\n')
    .slice(1)
    .flatMap((line): Socket[] => {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/)
      const [hex = '', port = ''] = local.split(':')
      if (state !== listening[protocol]) return []
      return [{ protocol, family, address: addressOf(hex), port: Number.parseInt(port, 16), inode }]
    })
}

/** The kernel prints each word of four bytes in the order of the machine, which is the little one here. */
function addressOf(hex: string): string {
  const bytes = hex.match(/.{8}/g)?.flatMap((word) => (word.match(/../g) ?? []).toReversed()) ?? []
  if (bytes.length === 4) return bytes.map((byte) => Number.parseInt(byte, 16)).join('.')
  const groups = Array.from({ length: 8 }, (_, index) => `${bytes[index * 2]}${bytes[index * 2 + 1]}`)
  return groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')
}

async function findOwners(inodes: ReadonlySet<string>): Promise<Map<string, Set<string>>> {
  const proc = createProcFiles()
  const owners = new Map<string, Set<string>>()
  for (const pid of listPids(proc)) {
    const held = await socketsOf(proc, { pid, inodes })
    if (held.length === 0) continue
    const name = proc.read(`/proc/${pid}/comm`).trim()
    for (const inode of held) owners.set(inode, (owners.get(inode) ?? new Set()).add(name))
  }
  return owners
}

async function socketsOf(
  proc: ProcFiles,
  { pid, inodes }: { readonly pid: string; readonly inodes: ReadonlySet<string> },
): Promise<string[]> {
  const folder = `/proc/${pid}/fd`
  const found: string[] = []
  for (const file of proc.list(folder)) {
    await proc.pause()
    const [, inode] = /^socket:\[(\d+)\]$/.exec(proc.readLink(`${folder}/${file}`)) ?? []
    if (inode !== undefined && inodes.has(inode)) found.push(inode)
  }
  return found
}

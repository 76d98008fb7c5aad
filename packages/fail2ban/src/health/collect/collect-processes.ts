import { readdir, readFile, readlink } from 'node:fs/promises'
import { nextTurn } from '@bangui/async'
import type { ProcessName } from '../seen/machine-seen.ts'
import type { Collector } from './collector.ts'

const MAX_PROCESSES = 20_000
const PROCESSES_PER_TURN = 50

/** Sees which processes run. A process that is a copy of its parent for a moment, to run an action, is left out. */
export const collectProcesses: Collector<'processes'> = async () => {
  const own = await readlink('/proc/self/ns/net').catch(() => null)
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).slice(0, MAX_PROCESSES)
  const found: (ProcessName & { readonly parent: number })[] = []
  for (const [index, pid] of pids.entries()) {
    if (index % PROCESSES_PER_TURN === PROCESSES_PER_TURN - 1) await nextTurn()
    const [stat, commandLine] = await Promise.all([read(`/proc/${pid}/stat`), read(`/proc/${pid}/cmdline`)])
    const [, name = '', rest = ''] = /^\d+ \((.*)\) (.*)$/s.exec(stat) ?? []
    const [state = '', parent = '0'] = rest.split(' ')
    if (name === '' || state === 'Z') continue
    const args = commandLine.split('\0')
    const isServer =
      args.some((arg) => /(?:^|\/)fail2ban-server$/.test(arg)) &&
      (await readlink(`/proc/${pid}/ns/net`).catch(() => null)) === own
    const socket = args[args.findIndex((arg) => arg === '-s') + 1] ?? null
    found.push({
      pid: Number(pid),
      name,
      isServer,
      socket: isServer && args.includes('-s') ? socket : null,
      parent: Number(parent),
    })
  }
  const servers = new Set(found.filter(({ isServer }) => isServer).map(({ pid }) => pid))
  return found
    .filter(({ isServer, parent }) => !isServer || !servers.has(parent))
    .map(({ pid, name, isServer, socket }) => ({ pid, name, isServer, socket }))
}

const read = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '')

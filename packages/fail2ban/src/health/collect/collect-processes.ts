import { readFile } from 'node:fs/promises'
import type { ProcessName } from '../seen/machine-seen.ts'
import type { Collector } from './collector.ts'
import { createProcFiles, listPids, type ProcFiles } from './proc-files.ts'

/** What the kernel calls a fail2ban server: its script, or the Python that runs it. */
const mayBeServer = /^(?:fail2ban|f2b\/|python|pypy)/

/** Sees which processes run. A process that is a copy of its parent for a moment, to run an action, is left out. */
export const collectProcesses: Collector<'processes'> = async () => {
  const proc = createProcFiles()
  const own = proc.readLink('/proc/self/ns/net')
  const found: (ProcessName & { readonly parent: number })[] = []
  for (const pid of listPids(proc)) {
    await proc.pause()
    const [, name = '', rest = ''] = /^\d+ \((.*)\) (.*)$/s.exec(proc.read(`/proc/${pid}/stat`)) ?? []
    const [state = '', parent = '0'] = rest.split(' ')
    if (name === '' || state === 'Z') continue
    const server = mayBeServer.test(name) ? await serverOf(proc, pid, own) : { isServer: false, socket: null }
    found.push({ pid: Number(pid), name, ...server, parent: Number(parent) })
  }
  const servers = new Set(found.filter(({ isServer }) => isServer).map(({ pid }) => pid))
  return found
    .filter(({ isServer, parent }) => !isServer || !servers.has(parent))
    .map(({ pid, name, isServer, socket }) => ({ pid, name, isServer, socket }))
}

/** Returns whether a process is a fail2ban server of this machine, and the socket that it was given. */
async function serverOf(
  proc: ProcFiles,
  pid: string,
  own: string,
): Promise<Pick<ProcessName, 'isServer' | 'socket'>> {
  const args = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0')
  const isServer =
    args.some((arg) => /(?:^|\/)fail2ban-server$/.test(arg)) && proc.readLink(`/proc/${pid}/ns/net`) === own
  const socket = args[args.indexOf('-s') + 1] ?? null
  return { isServer, socket: isServer && args.includes('-s') ? socket : null }
}

import { access, readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { SocketPresence } from './decide-demo.ts'
import { isDemoSocket } from './demo-paths.ts'

/** The root folder of the machine's files: `/`, or another one in tests. */
export interface MachineOptions {
  readonly root?: string
}

/** The kind of file at the socket's path. */
export async function findSocket(path: string): Promise<SocketPresence> {
  try {
    await stat(path)
    return 'present'
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'unreachable'
  }
}

/** Returns whether a fail2ban-server runs here, other than a demo's. */
export async function isDaemonRunning({ root = '/' }: MachineOptions = {}): Promise<boolean> {
  const proc = join(root, 'proc')
  const entries = await readdir(proc).catch((): string[] => [])
  for (const entry of entries) {
    if (!/^\d+$/.test(entry)) continue
    // a process that ended meanwhile has no command line any more
    const commandLine = await readFile(join(proc, entry, 'cmdline'), 'utf8').catch(() => '')
    if (isMachineDaemon(commandLine.split('\0'))) return true
  }
  return false
}

/** The program is the first argument, or the second of its Python interpreter, whose options come between. */
function isMachineDaemon(args: readonly string[]): boolean {
  const program = args.slice(0, 4).some((arg) => basename(arg) === 'fail2ban-server')
  return program && !args.some(isDemoSocket)
}

/** Returns whether fail2ban is a service that starts with the machine, under the running init system. */
export async function isServiceEnabled({ root = '/' }: MachineOptions = {}): Promise<boolean> {
  if (await exists(join(root, 'run/systemd/system'))) return isSystemdEnabled(root)
  if (await exists(join(root, 'run/openrc'))) return exists(join(root, 'etc/runlevels/default/fail2ban'))
  // the links of System V are there in every container too, where nothing follows them
  const first = await readFile(join(root, 'proc/1/comm'), 'utf8').catch(() => '')
  return first.trim() === 'init' && isSysvEnabled(root)
}

async function isSystemdEnabled(root: string): Promise<boolean> {
  const folder = join(root, 'etc/systemd/system')
  const wanting = (await readdir(folder).catch((): string[] => [])).filter((name) =>
    /\.(wants|requires)$/.test(name),
  )
  for (const name of wanting) {
    const links = await readdir(join(folder, name)).catch((): string[] => [])
    if (links.includes('fail2ban.service') || links.includes('fail2ban.socket')) return true
  }
  return false
}

async function isSysvEnabled(root: string): Promise<boolean> {
  for (const level of [2, 3, 4, 5]) {
    const links = await readdir(join(root, `etc/rc${level}.d`)).catch((): string[] => [])
    if (links.some((name) => /^S\d\dfail2ban$/.test(name))) return true
  }
  return false
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

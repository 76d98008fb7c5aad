import { readdir, readFile, readlink, realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** A process that listens on the daemon's socket and is no daemon. */
export interface SocketHolder {
  /** null: which one it is cannot be seen */
  readonly pid: number | null
  /** such as `systemd` */
  readonly name: string | null
}

/** The kernel's mark of a socket that listens, in `/proc/net/unix` (net/unix/af_unix.c: `__SO_ACCEPTCON`). */
const LISTENS = '00010000'

/**
 * Returns the kernel's numbers of the sockets that listen at a path, without connecting: if a socket is held for a
 * daemon, a connection starts the daemon. Empty if no socket listens, or if that cannot be seen from here.
 */
export async function findListeners(socketPath: string): Promise<readonly string[]> {
  const table = await readText('/proc/net/unix')
  const wanted = await resolvePath(socketPath)
  const found: string[] = []
  for (const line of table.split('\n')) {
    const [, flags, inode, path] = /^\S+ \S+ \S+ (\S+) \S+ \S+ +(\d+) (.+)$/.exec(line) ?? []
    if (flags !== LISTENS || inode === undefined || path === undefined) continue
    if (basename(path) === basename(wanted) && (await resolvePath(path)) === wanted) found.push(inode)
  }
  return found
}

/** `/var/run` is a link: the one who listens can have named the same folder in another way. */
const resolvePath = async (path: string): Promise<string> =>
  join(await realpath(dirname(path)).catch(() => dirname(path)), basename(path))

/** Returns whether a fail2ban has one of these sockets open. A fail2ban that cannot be inspected counts if it was started with this path. */
export async function isHeldByFail2ban(inodes: readonly string[], socketPath: string): Promise<boolean> {
  for (const pid of await listProcesses()) {
    const args = (await readText(`/proc/${pid}/cmdline`)).split('\0')
    const program = programOf(args)
    if (!/^\.?fail2ban-(server|client)$/.test(program)) continue
    const held = await holds(pid, inodes)
    if (held ?? (program.endsWith('server') && servesAt(args, socketPath))) return true
  }
  return false
}

/** The name of the script that an interpreter runs, or else of the program. */
function programOf([program = '', ...args]: readonly string[]): string {
  const script = args.find((arg) => !arg.startsWith('-')) ?? ''
  return basename(/^(fail2ban-)?python/.test(basename(program)) ? script : program)
}

/** Returns whether a command line names this socket, or none. */
function servesAt(args: readonly string[], socketPath: string): boolean {
  const option = args.findIndex((arg) => arg === '-s' || arg === '--socket')
  return option === -1 || args[option + 1] === socketPath
}

/** Who has one of these sockets open, as far as it can be seen. */
export async function findHolder(inodes: readonly string[]): Promise<SocketHolder> {
  for (const pid of await listProcesses()) {
    if (pid === process.pid || (await holds(pid, inodes)) !== true) continue
    return { pid, name: (await readText(`/proc/${pid}/comm`)).trim() || null }
  }
  return { pid: null, name: null }
}

const listProcesses = async (): Promise<number[]> =>
  (await readdir('/proc').catch(() => [])).map(Number).filter((pid) => Number.isInteger(pid))

/** Undefined: its open files may not be seen. */
async function holds(pid: number, inodes: readonly string[]): Promise<boolean | undefined> {
  const folder = `/proc/${pid}/fd`
  let files: string[]
  try {
    files = await readdir(folder)
  } catch (error) {
    return isNotAllowed(error as NodeJS.ErrnoException) ? undefined : false
  }
  for (const file of files) {
    const target = await readlink(join(folder, file)).catch(() => '')
    if (inodes.some((inode) => target === `socket:[${inode}]`)) return true
  }
  return false
}

const isNotAllowed = ({ code }: NodeJS.ErrnoException) => code === 'EACCES' || code === 'EPERM'

/** Empty where it is not there, or not ours to read. */
const readText = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '')

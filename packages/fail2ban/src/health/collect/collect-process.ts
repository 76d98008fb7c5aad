import { readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProcessSeen } from '../seen/daemon-seen.ts'
import { UnseenError, type Collector } from './collector.ts'

/** The kernel gives times to programs in hundredths of a second on every architecture (proc(5), sysconf). */
const TICKS_PER_SECOND = 100
const MAX_OPEN_FILES = 2000

/** CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: such a process reads every file (capabilities(7)). */
const readsAll = (1n << 1n) | (1n << 2n)

/** Sees the process of the daemon. */
export const collectProcess: Collector<'process'> = async ({ get }) => {
  const { pid, state } = await get('daemon')
  if (state === 'down') throw new UnseenError('fail2ban is not running.')
  if (pid === null)
    throw new UnseenError('BanGUI does not see the process of fail2ban: it may run in another container.')
  return readProcess(pid)
}

/** Reads what `/proc` has about a process. @throws UnseenError when it has ended, or is hidden */
export async function readProcess(pid: number, proc = '/proc'): Promise<ProcessSeen> {
  const folder = join(proc, String(pid))
  const [stat, status, threads, kernel] = await Promise.all([
    readIfThere(join(folder, 'stat')),
    readIfThere(join(folder, 'status')),
    readThreads(join(folder, 'task')),
    readIfThere(join(proc, 'stat')),
  ])
  if (stat === null || status === null || threads === null)
    throw new UnseenError('BanGUI may not look at the process of fail2ban, or it has just ended.')
  const [environment, sameMounts, sameNetwork, openFiles] = await Promise.all([
    readIfThere(join(folder, 'environ')),
    isSameNamespace(proc, pid, 'mnt'),
    isSameNamespace(proc, pid, 'net'),
    readOpenFiles(join(folder, 'fd')),
  ])
  // the name between the brackets may itself hold brackets: proc(5)
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const bootedAt = Number(/^btime (\d+)$/m.exec(kernel ?? '')?.[1] ?? 0)
  return {
    pid,
    state: fields[0] ?? '',
    startedAt: (bootedAt + Number(fields[19] ?? 0) / TICKS_PER_SECOND) * 1000,
    threads,
    searchPath: environment === null ? null : searchPathOf(environment),
    sameMounts,
    sameNetwork,
    uid: Number(/^Uid:\t\d+\t(\d+)/m.exec(status)?.[1] ?? -1),
    groups: [/^Gid:\t\d+\t(\d+)/m, /^Groups:\t([\d ]+)$/m].flatMap((pattern) =>
      numbersOf(pattern.exec(status)?.[1]),
    ),
    readsEverything: (BigInt(`0x${/^CapEff:\t([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`) & readsAll) !== 0n,
    openFiles,
  }
}

const numbersOf = (text = ''): number[] =>
  text
    .trim()
    .split(' ')
    .filter((part) => part !== '')
    .map(Number)

const readIfThere = (path: string): Promise<string | null> => readFile(path, 'utf8').catch(() => null)

/** What the C library searches where PATH is not set (`confstr(_CS_PATH)`). */
const DEFAULT_PATH = '/bin:/usr/bin'

function searchPathOf(environment: string): string[] {
  const variable = environment.split('\0').find((entry) => entry.startsWith('PATH='))
  return (variable?.slice('PATH='.length) ?? DEFAULT_PATH).split(':').filter((part) => part.startsWith('/'))
}

async function isSameNamespace(proc: string, pid: number, kind: 'mnt' | 'net'): Promise<boolean | null> {
  const read = (id: string) => readlink(join(proc, id, 'ns', kind)).catch(() => null)
  const [own, other] = await Promise.all([read('self'), read(String(pid))])
  return own === null || other === null ? null : own === other
}

async function readThreads(folder: string): Promise<string[] | null> {
  const ids = await readdir(folder).catch(() => null)
  if (ids === null) return null
  const names = await Promise.all(ids.map((id) => readIfThere(join(folder, id, 'comm'))))
  return names.flatMap((name) => (name === null ? [] : [name.replace(/\n$/, '')]))
}

async function readOpenFiles(folder: string): Promise<string[] | null> {
  const files = await readdir(folder).catch(() => null)
  if (files === null) return null
  const targets = await Promise.all(
    files.slice(0, MAX_OPEN_FILES).map((file) => readlink(join(folder, file)).catch(() => '')),
  )
  return targets.filter((target) => target.startsWith('/'))
}

/**
 * Returns the folder under which the daemon's own files are seen: empty where they are BanGUI's, too.
 * @throws UnseenError where they cannot be seen
 */
export async function rootOf({ pid, sameMounts }: Pick<ProcessSeen, 'pid' | 'sameMounts'>): Promise<string> {
  if (sameMounts === true) return ''
  const root = `/proc/${pid}/root`
  const seen = await readdir(`${root}/`).then(
    () => true,
    () => false,
  )
  if (seen) return root
  throw new UnseenError('fail2ban runs with other files than BanGUI, which BanGUI may not look at.')
}

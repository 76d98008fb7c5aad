import { createHash } from 'node:crypto'
import { lstat, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folderName = 'bangui-demo'
const socketName = 'fail2ban.sock'

/** The kernel takes 107 bytes; fail2ban's tools want some of them. */
const longestSocketPath = 90

/** Everything of the demo is below this folder of the data folder. */
export const demoDataDir = (dataDir: string): string => join(dataDir, folderName)

/** The folder of the demo's fail2ban: in the demo's data folder, or, where a socket's path gets too long, elsewhere. */
export async function prepareDaemonFolder(dataDir: string): Promise<string> {
  const folder = join(dataDir, 'fail2ban')
  if (Buffer.byteLength(join(folder, socketName)) <= longestSocketPath) {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    return folder
  }
  const id = createHash('sha256').update(folder).digest('hex').slice(0, 12)
  const short = join(tmpdir(), `${folderName}-${process.getuid?.() ?? 0}-${id}`)
  await mkdir(short, { recursive: true, mode: 0o700 })
  await requireOurs(short)
  return short
}

/** A folder that all may write to may contain one that somebody else prepared. */
async function requireOurs(folder: string): Promise<void> {
  const found = await lstat(folder)
  const isOurs = found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0
  if (!isOurs)
    throw new Error(
      `${folder} belongs to somebody else. Remove it, or set BANGUI_DATA_DIR to a shorter path.`,
    )
}

/** Returns whether a path, from a command line, is the socket of a demo. */
export const isDemoSocket = (path: string): boolean =>
  path.endsWith(`/${socketName}`) && path.split('/').some((part) => part.startsWith(folderName))

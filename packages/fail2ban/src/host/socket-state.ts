import { lstat, unlink } from 'node:fs/promises'
import { connect } from 'node:net'

/**
 * The state of the daemon's socket path: no file, a socket that nobody listens on, a socket that somebody listens on
 * (answering or not), or unclear (no permission, no socket).
 */
export type SocketState = 'missing' | 'refused' | 'listening' | 'unclear'

const CONNECT_TIMEOUT_MS = 2000

/** Tries the socket by connecting to it once; nothing is sent. */
export function inspectSocket(socketPath: string): Promise<SocketState> {
  return new Promise((resolve) => {
    const socket = connect(socketPath)
    const finish = (state: SocketState) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(state)
    }
    const timer = setTimeout(() => finish('listening'), CONNECT_TIMEOUT_MS)
    socket.once('connect', () => finish('listening'))
    socket.once('error', (error: NodeJS.ErrnoException) => finish(stateOf(error.code)))
  })
}

function stateOf(code: string | undefined): SocketState {
  if (code === 'ENOENT') return 'missing'
  if (code === 'ECONNREFUSED') return 'refused'
  // the queue of a listening daemon is full: its length is 1
  if (code === 'EAGAIN') return 'listening'
  return 'unclear'
}

/**
 * Removes the socket that a crashed daemon left, as `fail2ban-client -x` does. To be called only when nobody listens on it
 * and the daemon's process has ended. A file that is no socket stays, as does a socket in a folder that this process may not
 * write to, such as that of a sandboxed service: the start command removes it, or reports why it cannot.
 */
export async function removeStaleSocket(socketPath: string): Promise<void> {
  try {
    if ((await lstat(socketPath)).isSocket()) await unlink(socketPath)
  } catch (error) {
    if (!['ENOENT', 'EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw error
  }
}

import { stat } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { Fail2banUnavailableError } from '../errors.ts'

/** The name and number of the user that this process runs as, for messages. */
const currentUser = (): string => {
  const uid = process.getuid?.() ?? -1
  try {
    return `${userInfo().username} (uid ${uid})`
  } catch {
    // the user has no entry in passwd, as in a container
    return `uid ${uid}`
  }
}

/** Returns whether a failed connect only means that the daemon has no room in its backlog of one: it is alive and busy. */
export const isBusy = (error: NodeJS.ErrnoException): boolean =>
  error.code === 'EAGAIN' || error.code === 'ETIMEDOUT'

/** Returns the reason of a failed connect, with a sentence about what to do. */
export const describeConnectFailure = async (
  error: NodeJS.ErrnoException,
  path: string,
): Promise<Fail2banUnavailableError> => {
  const failure = (reason: 'socket_missing' | 'refused' | 'permission_denied', message: string) =>
    new Fail2banUnavailableError(reason, message, { cause: error })
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return failure(
        'socket_missing',
        `There is no socket at ${path}. Start fail2ban, or correct the path of its socket.`,
      )
    case 'EACCES':
    case 'EPERM':
      return failure(
        'permission_denied',
        `BanGUI runs as ${currentUser()} and may not open ${path}. Run BanGUI as root, or give a group of this user access to the socket and its folder.`,
      )
    case 'ECONNREFUSED':
    case 'ENOTSOCK':
      if (await isSocket(path)) {
        return failure('refused', `fail2ban is not running (no answer at ${path}). Start fail2ban.`)
      }
      return failure('refused', `${path} is not a socket. Correct the path of fail2ban's socket.`)
    case 'EINVAL':
    case 'ENAMETOOLONG':
      return failure('refused', `The path ${path} is too long for a socket: 107 bytes are the most.`)
    default:
      return failure('refused', `fail2ban cannot be reached at ${path}: ${error.code ?? error.message}.`)
  }
}

const isSocket = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isSocket()
  } catch {
    // removed meanwhile: it was a socket
    return true
  }
}

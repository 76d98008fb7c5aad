import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { SendTools } from './channel.ts'

const CONNECT_TIMEOUT_MS = 10_000

export interface SmtpConnection extends AsyncDisposable {
  readonly socket: Socket
}

/**
 * Opens a connection to a mail server at an address that BanGUI may reach. It is closed at its disposal, and broken off
 * when `signal` aborts. @throws Error with a sentence
 */
export async function openSmtp(
  { host, port }: { host: string; port: number },
  { resolvePublic }: Pick<SendTools, 'resolvePublic'>,
  signal: AbortSignal,
): Promise<SmtpConnection> {
  const address = await resolvePublic({ host, port, timeoutMs: CONNECT_TIMEOUT_MS, signal })
  const waiting = AbortSignal.any([signal, AbortSignal.timeout(CONNECT_TIMEOUT_MS)])
  const socket = connect({ host: address, port })
  // an error at a moment when nobody listens would end BanGUI
  socket.on('error', () => undefined)
  try {
    await once(socket, 'connect', { signal: waiting })
  } catch (error) {
    socket.destroy()
    if (signal.aborted || !waiting.aborted) throw error
    throw new Error(`${host} does not answer on port ${port}. Check the name and the port.`, { cause: error })
  }
  const breakOff = () => socket.destroy(new Error('the connection was broken off'))
  signal.addEventListener('abort', breakOff, { once: true })
  return {
    socket,
    async [Symbol.asyncDispose]() {
      signal.removeEventListener('abort', breakOff)
      socket.destroy()
    },
  }
}

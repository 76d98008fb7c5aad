import { rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'

/** Lets the folder go; safe to repeat. */
export type ReleaseFolder = () => Promise<void>

/**
 * Ensures that one process at a time shows the demo of a folder: a second one would end the daemon of the first. The kernel
 * releases the lock when the process ends, however it ends. @throws when another process holds it
 */
export async function holdFolder(folder: string): Promise<ReleaseFolder> {
  const path = join(folder, 'held.sock')
  if (await isListening(path)) {
    throw new Error(
      `Another BanGUI shows the demo in ${folder}. Stop that one, or set BANGUI_DATA_DIR to another folder.`,
    )
  }
  await rm(path, { force: true })
  const server = createServer((socket) => socket.on('error', () => undefined).destroy())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(path, resolve)
  })
  // it must not keep a process that has ended everything else
  server.unref()
  return () => new Promise((resolve) => server.close(() => resolve()))
}

function isListening(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    const answer = (listening: boolean) => {
      socket.destroy()
      resolve(listening)
    }
    socket.once('connect', () => answer(true)).once('error', () => answer(false))
  })
}

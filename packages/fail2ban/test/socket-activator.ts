import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import type { PrivateDaemon } from '../src/private-daemon.ts'
import type { TestedFail2ban } from '../src/testing.ts'

const script = fileURLToPath(new URL('socket-activator.py', import.meta.url))

/** A program that listens on a daemon's socket and starts the daemon when somebody connects, as systemd can. */
export interface SocketActivator extends AsyncDisposable {
  readonly pid: number
  /** how often it has started the daemon */
  readonly starts: number
}

/**
 * Starts an activator and waits until it listens.
 * @param mode `inherit`: the daemon takes the socket over (1.1.1 and later); `replace`: it makes its own in its place
 */
export async function startSocketActivator(
  daemon: PrivateDaemon,
  { binDir }: Pick<TestedFail2ban, 'binDir'>,
  mode: 'inherit' | 'replace',
): Promise<SocketActivator> {
  const server = binDir === undefined ? 'fail2ban-server' : join(binDir, 'fail2ban-server')
  const command = [server, ...daemon.clientArguments, '-xf', 'start']
  const args = [script, mode, daemon.socketPath, ...command]
  const child = spawn('/usr/bin/python3', args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => child.once('close', resolve))
  let starts = 0
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line === 'listening') resolve()
      if (line === 'start') starts += 1
    })
  })
  return {
    pid: child.pid ?? 0,
    get starts() {
      return starts
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end()
      await ended
    },
  }
}

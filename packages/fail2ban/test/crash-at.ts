import childProcess from 'node:child_process'
import fs from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import type { DaemonConnection } from '../src/connection.ts'

/** A piece of work that a crash may have ended. */
export interface CrashedWork {
  /** the names of the points that were passed, in their order */
  readonly points: readonly string[]
  readonly happened: boolean
}

/** What a piece of work is given: connections whose changes of the daemon are points. */
export interface CrashTools {
  around(connection: DaemonConnection): DaemonConnection
}

class Crashed extends Error {
  override readonly name = 'Crashed'
}

/** The functions of `node:fs/promises` that change a file system. */
const changing = ['mkdir', 'rename', 'unlink', 'rm', 'writeFile', 'cp'] as const
/** Those that only look: no points, since a crash there is one before the next point. */
const looking = ['lstat', 'stat', 'readdir', 'readFile', 'access', 'realpath'] as const
type Verb = (...args: unknown[]) => unknown

/**
 * Does a piece of work, and ends it at the point of this number as a crash would: nothing has an effect after it. Points are before each
 * call that changes the file system, in the middle of writing a file, and before each program that is run and each change of the daemon.
 * Errors of the work are returned to nobody where it crashed. `at` null: it does not crash.
 */
export async function crashAt(
  at: number | null,
  work: (tools: CrashTools) => Promise<unknown>,
): Promise<CrashedWork> {
  const points: string[] = []
  let dead = false
  const mustLive = (name: string) => {
    if (dead) throw new Crashed(name)
  }
  const reach = (name: string) => {
    mustLive(name)
    points.push(name)
    dead = points.length === at
    mustLive(name)
  }
  const restore = [...patchFiles({ reach, mustLive }), patchPrograms(reach)]
  syncBuiltinESMExports()
  try {
    await work({ around: (connection) => connectionWithPoints(connection, { reach, mustLive }) })
  } catch (error) {
    if (!dead) throw error
  } finally {
    for (const undo of restore) undo()
    syncBuiltinESMExports()
  }
  return { points, happened: dead }
}

interface Hooks {
  readonly reach: (name: string) => void
  readonly mustLive: (name: string) => void
}

function replace<TTarget extends object>(
  target: TTarget,
  key: keyof TTarget,
  around: (verb: Verb) => Verb,
): () => void {
  const verb = target[key]
  Object.assign(target, { [key]: around((verb as Verb).bind(target)) })
  return () => void Object.assign(target, { [key]: verb })
}

function patchFiles({ reach, mustLive }: Hooks): (() => void)[] {
  const before =
    (name: string, hook: (name: string) => void) =>
    (verb: Verb) =>
    async (...args: unknown[]) => {
      hook(name)
      return await verb(...args)
    }
  return [
    ...changing.map((name) => replace(fs, name, before(name, reach))),
    ...looking.map((name) => replace(fs, name, before(name, mustLive))),
    replace(fs, 'open', (open) => async (...args: unknown[]) => {
      const creates = args[1] === 'wx'
      if (creates) reach('open')
      else mustLive('open')
      const handle = (await open(...args)) as FileHandle
      replace(handle, 'sync', before('sync', reach))
      if (!creates) return handle
      replace(handle, 'chown', before('chown', reach))
      replace(handle, 'chmod', before('chmod', reach))
      replace(handle, 'writeFile', (write) => async (content: unknown) => {
        reach('writeFile')
        const bytes = Buffer.from(content as Uint8Array)
        const half = Math.floor(bytes.length / 2)
        await write(bytes.subarray(0, half))
        reach('in the middle of writeFile')
        await write(bytes.subarray(half))
      })
      return handle
    }),
  ]
}

const patchPrograms = (reach: Hooks['reach']) =>
  replace(childProcess, 'spawn', (spawn) => (...args: unknown[]) => {
    reach('run a program')
    return spawn(...args)
  })

const connectionWithPoints = (
  connection: DaemonConnection,
  { reach, mustLive }: Hooks,
): DaemonConnection => ({
  request: async (args, options) => {
    if (options?.write === undefined || options.write === false) mustLive('request')
    else reach(`request ${args[0] ?? ''}`)
    return connection.request(args, options)
  },
  get connected() {
    return connection.connected
  },
  onConnectionEvent: (listener) => connection.onConnectionEvent(listener),
  close: () => connection.close(),
})

import { readdir, readFile } from 'node:fs/promises'

/** How long a jail may be listed without a thread before it counts as not started, in milliseconds. */
const GRACE_MS = 2_000

/** The kernel keeps 15 bytes of a thread's name (`f2b/a.` and `f2b/f.`, jailthread.py): so many are of the jail's. */
const NAME_BYTES = 9

/**
 * Distinguishes running jails from jails that a failed load left behind: those are added, listed and answer like any
 * other, but are not started. Only the threads of the daemon show which they are.
 */
export interface StartedJails {
  /** Returns the listed jails that were started; all of them where that is not known. */
  among(listed: readonly string[], pid: number | null): Promise<string[]>
}

/** Remembers since when each jail has no thread: one that was just added has none for a moment. */
export function createStartedJails(clock: () => number, proc = '/proc'): StartedJails {
  let process: number | null = null
  const withoutThread = new Map<string, number>()
  return {
    async among(listed, pid) {
      if (pid !== process) withoutThread.clear()
      process = pid
      const threads = pid === null ? null : await readThreadNames(`${proc}/${pid}/task`)
      // a daemon that names no thread as fail2ban does is in a form that is not known
      if (!threads?.some((name) => name.startsWith('f2b/'))) return [...listed]
      const running = new Set(
        threads.filter((name) => /^f2b\/[af]\./.test(name)).map((name) => name.slice(6)),
      )
      const now = clock()
      return listed.filter((name) => {
        if (running.has(cut(name))) {
          withoutThread.delete(name)
          return true
        }
        const since = Math.min(withoutThread.get(name) ?? now, now)
        withoutThread.set(name, since)
        return now - since < GRACE_MS
      })
    },
  }
}

/** Returns the part of a jail's name that fits into the name of its threads; half a character as the kernel returns it. */
const cut = (name: string) => Buffer.from(name).subarray(0, NAME_BYTES).toString()

/** Null: they cannot be read, as of a process in another container. */
async function readThreadNames(folder: string): Promise<string[] | null> {
  try {
    const threads = await readdir(folder)
    const names = await Promise.all(
      threads.map((id) => readFile(`${folder}/${id}/comm`, 'utf8').catch(() => '')),
    )
    return names.map((name) => name.replace(/\n$/, ''))
  } catch {
    // the process has ended, belongs to another user, or this is not Linux
    return null
  }
}

import { mutex, type Lock } from '@bangui/async'

/** An import under way. */
export interface RunningImport {
  readonly runId: number
  /** null until its operation has begun */
  readonly operation: string | null
  /** somebody has cancelled it */
  readonly isCancelled: boolean
}

/** The imports of this process: one of a list at a time. */
export interface RunningImports {
  find(listId: number): RunningImport | undefined
  /** Notes that an import begins. Returns its controls; undefined: one of this list is under way, or BanGUI is stopping. */
  begin(listId: number): ImportControls | undefined
  /** Cancels the import of a list; false: there is none. */
  cancel(listId: number): boolean
  /** the imports of a host take turns: its daemon bans one list after the other */
  turnOf(hostId: number): Lock
  /** Interrupts all imports, and waits for them, at most so many milliseconds. They go on at the next start. */
  stop(milliseconds: number): Promise<void>
}

export interface ImportControls {
  /** aborts when somebody cancels the import, and when BanGUI stops */
  readonly signal: AbortSignal
  /** whether somebody has cancelled it */
  readonly isCancelled: () => boolean
  note(change: { readonly runId?: number; readonly operation?: string }): void
  end(): void
}

interface Entry {
  runId: number
  operation: string | null
  isCancelled: boolean
  readonly abort: AbortController
  readonly ended: PromiseWithResolvers<void>
}

/** Creates {@link RunningImports}. */
export function createRunningImports(): RunningImports {
  const entries = new Map<number, Entry>()
  const turns = new Map<number, Lock>()
  let isStopping = false

  return {
    find: (listId) => entries.get(listId),
    begin(listId) {
      if (isStopping || entries.has(listId)) return undefined
      const entry: Entry = {
        runId: 0,
        operation: null,
        isCancelled: false,
        abort: new AbortController(),
        ended: Promise.withResolvers(),
      }
      entries.set(listId, entry)
      return {
        signal: entry.abort.signal,
        isCancelled: () => entry.isCancelled,
        note: (change) => void Object.assign(entry, change),
        end() {
          entries.delete(listId)
          entry.ended.resolve()
        },
      }
    },
    cancel(listId) {
      const entry = entries.get(listId)
      if (!entry) return false
      entry.isCancelled = true
      entry.abort.abort()
      return true
    },
    turnOf(hostId) {
      const turn = turns.get(hostId) ?? mutex()
      turns.set(hostId, turn)
      return turn
    },
    async stop(milliseconds) {
      isStopping = true
      const ends = [...entries.values()].map(({ abort, ended }) => {
        abort.abort()
        return ended.promise
      })
      await Promise.race([Promise.all(ends), timeout(milliseconds)])
    },
  }
}

const timeout = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref()
  })

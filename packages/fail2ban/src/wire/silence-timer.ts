import type { RequestQueue } from './request-queue.ts'

/** Notices a daemon that sends nothing although every deadline is over. */
export interface SilenceTimer {
  /** `onSilent` was called, and no byte has come since. */
  readonly isSilent: boolean
  /** Bytes came: the silence begins anew. */
  noteBytes(): void
  /** The first request of an idle connection is sent: the silence begins now. */
  noteRequest(): void
  /** Looks whether a request is overdue, and measures the silence while one is. */
  update(): void
  stop(): void
}

export interface SilenceTimerOptions {
  /** milliseconds without a byte until the connection is given up */
  readonly limitMs: number
  readonly queue: Pick<RequestQueue, 'isOverdue' | 'hasDeadlineAhead'>
  readonly isOpen: () => boolean
  readonly onSilent: () => void
}

/** The shortest time between two checks. */
const MIN_WAIT_MS = 50

/** Creates the timer of one connection; it runs while a request is overdue. */
export function createSilenceTimer({ limitMs, queue, isOpen, onSilent }: SilenceTimerOptions): SilenceTimer {
  let quietSince = 0
  let isSilent = false
  let timer: NodeJS.Timeout | undefined

  const look = () => {
    if (!isOpen() || queue.hasDeadlineAhead || performance.now() - quietSince < limitMs) update()
    else {
      isSilent = true
      onSilent()
    }
  }
  const update = () => {
    clearTimeout(timer)
    if (!queue.isOverdue) return
    const left = limitMs - (performance.now() - quietSince)
    timer = setTimeout(look, Math.max(left, MIN_WAIT_MS))
  }

  return {
    get isSilent() {
      return isSilent
    },
    noteBytes() {
      quietSince = performance.now()
      isSilent = false
    },
    noteRequest() {
      quietSince = performance.now()
    },
    update,
    stop: () => clearTimeout(timer),
  }
}

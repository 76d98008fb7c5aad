import { TRPCError } from '@trpc/server'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'
import type { Session } from '../auth/sessions.ts'

/** The least time between two messages of a stream, in milliseconds: ten a second. */
export const SPACING = 100

/** An open stream: its signal, a pause between messages, and what to throw when its session has ended. */
export interface OpenStream {
  readonly signal: AbortSignal
  pause(): Promise<void>
  /** Called when the stream is over: a session that ended is told so, a reader that left is not. */
  close(): void
}

/** Counts a stream of a session in. @throws AppError too_many_streams */
export function openStream(
  deps: Pick<Deps, 'streams'>,
  session: Session,
  signal: AbortSignal | undefined,
): OpenStream {
  const open = deps.streams.open(session.id, signal)
  return {
    signal: open,
    pause: () => pauseFor(SPACING, open),
    close() {
      if (!open.aborted || signal?.aborted) return
      throw new TRPCError({ code: 'UNAUTHORIZED', cause: new AppError('no_session') })
    },
  }
}

function pauseFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', finish)
      resolve()
    }
    const timer = setTimeout(finish, milliseconds)
    signal.addEventListener('abort', finish, { once: true })
    if (signal.aborted) finish()
  })
}

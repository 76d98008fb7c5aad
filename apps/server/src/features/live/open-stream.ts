import { sleep } from '@bangui/async'
import { errors, type Role } from '@bangui/shared'
import { TRPCError } from '@trpc/server'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'
import type { Session } from '../auth/session.ts'

/**
 * The least time between a message of a stream and the one after the next, in milliseconds: ten a second, and what
 * changes together is sent together.
 */
export const MESSAGE_INTERVAL_MS = 200

/** An open stream: its signal and a pause between messages. */
export interface OpenStream {
  readonly signal: AbortSignal
  /** the reader's */
  readonly role: Role
  pause(): Promise<void>
  /** Called when the stream is over: throws what its reader is to know, such as that its session has ended. */
  close(): void
  /** Counts it out, however it ended. */
  end(): void
}

/** The messages of a stream; the stream is over when they end. */
export async function* untilEnd<TMessage>(
  stream: OpenStream,
  messages: AsyncGenerator<TMessage>,
): AsyncGenerator<TMessage> {
  try {
    yield* messages
    stream.close()
  } finally {
    stream.end()
  }
}

/** Counts a stream of a session in. @throws AppError too_many_streams */
export function openStream(
  deps: Pick<Deps, 'streams'>,
  session: Session,
  signal: AbortSignal | undefined,
): OpenStream {
  const done = new AbortController()
  const open = deps.streams.open(session.id, signal ? AbortSignal.any([signal, done.signal]) : done.signal)
  return {
    signal: open,
    role: session.role,
    pause: createPauses(open),
    close() {
      const cause: unknown = open.reason
      if (!(cause instanceof AppError)) return
      throw new TRPCError({ code: errors[cause.code][0], message: cause.message, cause })
    },
    end: () => done.abort(),
  }
}

/** Creates the pause after each message. */
function createPauses(signal: AbortSignal): () => Promise<void> {
  let before = -Infinity
  return async () => {
    const now = performance.now()
    const wait = before + MESSAGE_INTERVAL_MS - now
    before = now
    if (wait > 0) await sleep(wait, { signal }).catch(() => undefined)
  }
}

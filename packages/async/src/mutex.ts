import { semaphore, type Lock, type QueueLimit } from './semaphore.ts'

/** Creates a lock that one caller holds at a time: a {@link semaphore} with one place. */
export const mutex = (limit?: QueueLimit): Lock => semaphore(1, limit)

import { hash, verify } from '@node-rs/argon2'
import { AppError } from '../../lib/errors.ts'
import { createFairSemaphore, type Caller } from '../../lib/fair-semaphore.ts'

/** Hashes and checks passwords with argon2id, a few at a time: each takes 19 MiB while it runs. */
export interface Passwords {
  /** Returns the hash. @throws AppError login_throttled where too many wait already */
  hash(password: string, caller?: Caller): Promise<string>
  /**
   * Returns whether the password is right; without a hash (nobody has that name) the same work is done, and it never is.
   * @throws AppError login_throttled where too many wait already
   */
  verify(hash: string | null, password: string, caller: Caller): Promise<boolean>
}

// OWASP Password Storage Cheat Sheet: argon2id (the library's default) with 19 MiB, two passes, one lane
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** The delay that is returned when too many are waiting already, in seconds. */
const FULL_QUEUE_DELAY_SECONDS = 5

export interface PasswordsOptions {
  /** how many are worked on at once. @default 2 */
  readonly concurrency?: number
  /** how many may wait: strangers, known sources, and live sessions each. @default 100 */
  readonly maxWaiting?: number
  /** how many of one source may wait. @default 4 */
  readonly maxPerSource?: number
}

/** The setup, which happens once. */
const setup: Caller = { source: 'setup', rank: 'urgent' }

export function createPasswords(options: PasswordsOptions = {}): Passwords {
  const { concurrency = 2, maxWaiting = 100, maxPerSource = 4 } = options
  const onFull = () => new AppError('login_throttled', { seconds: FULL_QUEUE_DELAY_SECONDS })
  const semaphore = createFairSemaphore({ concurrency, maxWaiting, maxPerSource, onFull })
  let decoy: Promise<string> | undefined

  return {
    hash: (password, caller = setup) => semaphore.run(() => hash(password, parameters), caller),
    verify: (stored, password, caller) =>
      semaphore.run(async () => {
        decoy ??= hash('nobody has this password', parameters)
        const right = await verify(stored ?? (await decoy), password)
        return right && stored !== null
      }, caller),
  }
}

import { hash, verify } from '@node-rs/argon2'
import { AppError } from '../../lib/errors.ts'

/** Hashes and checks passwords with argon2id, a few at a time: each takes 19 MiB while it runs. */
export interface Passwords {
  hash(password: string): Promise<string>
  /** Whether the password is right; without a hash (nobody has that name) the same work is done, and it never is. */
  verify(hash: string | null, password: string, options?: { readonly first?: boolean }): Promise<boolean>
}

// OWASP Password Storage Cheat Sheet: argon2id (the library's default) with 19 MiB, two passes, one lane
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

export interface PasswordsOptions {
  /** how many are worked on at once. @default 2 */
  readonly concurrency?: number
  /** how many may wait for their turn. @default 100 */
  readonly maxWaiting?: number
}

export function createPasswords({ concurrency = 2, maxWaiting = 100 }: PasswordsOptions = {}): Passwords {
  const inTurn = createTurns(concurrency, maxWaiting)
  let decoy: Promise<string> | undefined

  return {
    hash: (password) => inTurn(() => hash(password, parameters), true),
    verify: (stored, password, { first = false } = {}) =>
      inTurn(async () => {
        decoy ??= hash('nobody has this password', parameters)
        const right = await verify(stored ?? (await decoy), password)
        return right && stored !== null
      }, first),
  }
}

/** How much longer the queue may be for those who go first. */
const FIRST_FACTOR = 10

/** Runs work a few at a time; `first` goes before whoever waits, and may wait where others are turned away. */
function createTurns(concurrency: number, maxWaiting: number) {
  const waiting: (() => void)[] = []
  let running = 0

  const enter = (first: boolean) => {
    if (running < concurrency) {
      running += 1
      return Promise.resolve()
    }
    const most = first ? maxWaiting * FIRST_FACTOR : maxWaiting
    if (waiting.length >= most) throw new AppError('login_throttled', { seconds: 5 })
    return new Promise<void>((resolve) => {
      if (first) waiting.unshift(resolve)
      else waiting.push(resolve)
    })
  }

  const leave = () => {
    const next = waiting.shift()
    // the turn is handed on
    if (next) next()
    else running -= 1
  }

  return async <TResult>(work: () => Promise<TResult>, first: boolean): Promise<TResult> => {
    await enter(first)
    try {
      return await work()
    } finally {
      leave()
    }
  }
}

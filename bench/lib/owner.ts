import { setTimeout as sleep } from 'node:timers/promises'

/** Holds what has to be cleaned up, and does so last first. */
export interface Owner {
  own<TResource extends AsyncDisposable>(resource: TResource): TResource
  /** Disposes of all that is held, even where one of them fails. Safe to call twice. */
  release(): Promise<void>
}

const RELEASE_DEADLINE = 20_000

export function createOwner(): Owner {
  const held: AsyncDisposable[] = []
  let released = false
  return {
    own(resource) {
      held.push(resource)
      if (released) void resource[Symbol.asyncDispose]()
      return resource
    },
    async release() {
      released = true
      for (let resource = held.pop(); resource; resource = held.pop()) await dispose(resource)
    },
  }
}

async function dispose(resource: AsyncDisposable): Promise<void> {
  const deadline = new AbortController()
  const late = sleep(RELEASE_DEADLINE, undefined, { signal: deadline.signal }).then(() => {
    throw new Error(`it took more than ${RELEASE_DEADLINE / 1000} s`)
  })
  try {
    await Promise.race([resource[Symbol.asyncDispose](), late])
  } catch (error) {
    process.stderr.write(
      `Something was not cleaned up: ${error instanceof Error ? error.message : String(error)}\n`,
    )
  } finally {
    late.catch(() => undefined)
    deadline.abort()
  }
}

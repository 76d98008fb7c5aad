import { withTimeout } from '@bangui/async'

/** Holds what has to be cleaned up, and does so last first. */
export interface Owner {
  own<TResource extends AsyncDisposable>(resource: TResource): TResource
  /** Disposes of all that was ever held, even where one of them fails. To be repeated when something came late. */
  release(): Promise<void>
}

const RELEASE_TIMEOUT_MS = 20_000

export function createOwner(): Owner {
  const held: AsyncDisposable[] = []
  return {
    own(resource) {
      held.push(resource)
      return resource
    },
    async release() {
      for (const resource of held.toReversed()) await dispose(resource)
    },
  }
}

async function dispose(resource: AsyncDisposable): Promise<void> {
  try {
    await withTimeout(async () => resource[Symbol.asyncDispose](), {
      milliseconds: RELEASE_TIMEOUT_MS,
      onTimeout: () => {
        throw new Error(`it took more than ${RELEASE_TIMEOUT_MS / 1_000} s`)
      },
    })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    process.stderr.write(`Something was not cleaned up: ${reason}\n`)
  }
}

import { sleep } from '@bangui/async'
import { createSignal } from 'solid-js'

const [away, setAway] = createSignal(false)

/** Whether the last request got no reply from the server. */
export const isServerAway = away

/** Stores whether the server replied. */
export const noteServer = (answered: boolean): void => void setAway(!answered)

/** Interval of health requests while the server does not reply. */
const HEALTH_INTERVAL_MS = 1_500
/** Timeout of a health request: a proxy may accept it and never reply. */
const HEALTH_TIMEOUT_MS = 10_000

let waiting: Promise<void> | undefined

/** Resolves at once if the server replies, else when it replies again. */
export function whenServerAnswers(checkHealth: () => Promise<boolean> = fetchHealth): Promise<void> {
  if (!away()) return Promise.resolve()
  waiting ??= waitFor(checkHealth).finally(() => {
    waiting = undefined
  })
  return waiting
}

async function waitFor(checkHealth: () => Promise<boolean>): Promise<void> {
  while (away() && !(await checkHealth())) await sleep(HEALTH_INTERVAL_MS)
  setAway(false)
}

async function fetchHealth(): Promise<boolean> {
  try {
    const answer = await fetch(new URL('api/health', document.baseURI), {
      cache: 'no-store',
      signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS),
    })
    // a proxy returns an HTML page while the server is down
    return answer.headers.get('content-type')?.startsWith('application/json') ?? false
  } catch {
    return false
  }
}

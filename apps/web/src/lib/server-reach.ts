import { sleep } from '@bangui/async'
import { createSignal } from 'solid-js'

const [away, setAway] = createSignal(false)

/** Whether the last request got no reply from the server. */
export const isServerAway = away

/** Stores whether the server replied. */
export const noteServer = (answered: boolean): void => void setAway(!answered)

/** Interval of health requests while the server does not reply. */
const ASK_EVERY_MS = 1_500
/** Timeout of a health request: a proxy may accept it and never reply. */
const ANSWER_TIMEOUT_MS = 10_000

let waiting: Promise<void> | undefined

/** Resolves at once if the server replies, else when it replies again. */
export function whenServerAnswers(ask: () => Promise<boolean> = askHealth): Promise<void> {
  if (!away()) return Promise.resolve()
  waiting ??= waitFor(ask).finally(() => {
    waiting = undefined
  })
  return waiting
}

async function waitFor(ask: () => Promise<boolean>): Promise<void> {
  while (away() && !(await ask())) await sleep(ASK_EVERY_MS)
  setAway(false)
}

async function askHealth(): Promise<boolean> {
  try {
    const answer = await fetch(new URL('api/health', document.baseURI), {
      cache: 'no-store',
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    })
    // a proxy returns an HTML page while the server is down
    return answer.headers.get('content-type')?.startsWith('application/json') ?? false
  } catch {
    return false
  }
}

import { sleep } from '@bangui/async'
import { createSignal } from 'solid-js'

const [away, setAway] = createSignal(false)

/** Whether the server did not answer when it was last heard of. */
export const isServerAway = away

/** Takes in whether the server answered. */
export const noteServer = (answered: boolean): void => void setAway(!answered)

/** Between two questions to a server that is away, in milliseconds. */
const ASK_EVERY_MS = 1_500
/** How long one question waits for its answer, in milliseconds: a proxy may accept it and never answer. */
const ANSWER_TIMEOUT_MS = 10_000

let waiting: Promise<void> | undefined

/** Resolves at once unless the server is away, else when it answers again. */
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
    // a proxy answers with a page where the server is away
    return answer.headers.get('content-type')?.startsWith('application/json') ?? false
  } catch {
    return false
  }
}

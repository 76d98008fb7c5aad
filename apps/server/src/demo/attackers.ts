import type { Attempt, AttackScript } from './attack-script.ts'

/** Delivers one attempt. */
export type Deliver = (attempt: Attempt) => Promise<void>

export interface Attackers {
  /** Ends the story, and waits for a delivery under way. */
  stop(): Promise<void>
}

/** Plays a script in real time. `onError` is called with the error of a delivery, and the script goes on. */
export function playAttacks(
  script: AttackScript,
  deliver: Deliver,
  onError: (error: unknown) => void,
): Attackers {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let delivery: Promise<void> = Promise.resolve()

  const schedule = () => {
    const { after, attempt } = script.next()
    timer = setTimeout(() => {
      delivery = deliver(attempt)
        .catch(onError)
        .then(() => (stopped ? undefined : schedule()))
    }, after)
  }
  schedule()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await delivery
    },
  }
}

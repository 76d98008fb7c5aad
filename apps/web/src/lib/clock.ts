import { createSignal, onCleanup } from 'solid-js'

const [now, setNow] = createSignal(Date.now())
let users = 0
let timer: ReturnType<typeof setInterval> | undefined

/** Returns the time, which ticks once a second while any component on the page reads it. */
export function useNow(): () => number {
  users += 1
  if (users === 1) {
    setNow(Date.now())
    timer = setInterval(() => setNow(Date.now()), 1000)
  }
  onCleanup(() => {
    users -= 1
    if (users === 0) clearInterval(timer)
  })
  return now
}

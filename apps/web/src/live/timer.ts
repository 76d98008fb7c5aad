/** One timer that can be restarted or stopped. */
export function createTimer() {
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = () => clearTimeout(timer)
  const start = (milliseconds: number, run: () => void) => {
    stop()
    timer = setTimeout(run, milliseconds)
  }
  return { start, stop }
}

/** How many parts a window is counted in: an event stays for at most a part longer than the window. */
const PARTS = 20

/** Events counted by parts of a window, the oldest first: `[number of the part, count]`. Plain data. */
export type EventCounter = readonly (readonly [part: number, count: number])[]

const partMs = (windowMs: number) => Math.max(1, Math.ceil(windowMs / PARTS))

/** Returns the counter with more events of one time; the parts that are out of the window are dropped. */
export function countEvents(
  counter: EventCounter,
  { at, count, windowMs, now }: { at: number; count: number; windowMs: number; now: number },
): EventCounter {
  // the clock of the log may be ahead of ours
  const part = Math.floor(Math.min(at, now) / partMs(windowMs))
  const last = counter.at(-1)
  if (last?.[0] === part) return [...counter.slice(0, -1), [part, last[1] + count]]
  const before = counter.find(([each]) => each === part)?.[1] ?? 0
  const others = counter.filter(([each]) => each !== part)
  const all = [...others, [part, before + count] as const].toSorted(([one], [other]) => one - other)
  return withoutOld(all, windowMs, now)
}

/** Returns the parts that reach into the window that ends now. Those after now were counted before the clock was set back. */
export const withoutOld = (counter: EventCounter, windowMs: number, now: number): EventCounter =>
  counter.filter(([part]) => (part + 1) * partMs(windowMs) > now - windowMs && part * partMs(windowMs) <= now)

/** Returns how many events were counted within the window. */
export const countOf = (counter: EventCounter): number => counter.reduce((sum, [, count]) => sum + count, 0)

import { createEffect, createSignal } from 'solid-js'
import { useNow } from './clock.ts'
import { reloadOutdated } from './outdated.ts'
import { isReaderBusy } from './reader-busy.ts'

/** A way to another page that has begun is over by then, and the address is the new one; in milliseconds. */
const SETTLED_MS = 1_000

/** Reloads a page that is outdated as soon as nothing is lost by it. Returns whether a reload brought the same page again. */
export function createSelfReload(): () => boolean {
  const [isStuck, setStuck] = createSignal(false)
  const now = useNow()
  const begun = Date.now()
  createEffect(() => {
    // what was filled in is gone with its page, or with a dialog that is closed
    if (now() - begun >= SETTLED_MS && !isReaderBusy()) setStuck(!reloadOutdated())
  })
  return isStuck
}

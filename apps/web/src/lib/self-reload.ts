import { createEffect, createSignal } from 'solid-js'
import { useNow } from './clock.ts'
import { reloadOutdated } from './outdated.ts'
import { isReaderBusy } from './reader-busy.ts'

/** Navigation that has begun is over after this time, and the URL is the new one. */
const SETTLED_MS = 1_000

/** Reloads an outdated page as soon as nothing is lost by it. Returns whether a reload brought the same page again. */
export function createSelfReload(): () => boolean {
  const [isStuck, setStuck] = createSignal(false)
  const now = useNow()
  const begun = Date.now()
  createEffect(() => {
    // fields that were filled in disappear with their page or dialog
    if (now() - begun >= SETTLED_MS && !isReaderBusy()) setStuck(!reloadOutdated())
  })
  return isStuck
}

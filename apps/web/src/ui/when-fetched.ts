import type { LazyModule } from '../lib/lazy-module.ts'
import { isServerAway } from '../lib/server-reach.ts'
import { dismissToast, toast } from './toast.tsx'

/** Fetching that takes longer is shown. */
const NOTE_AFTER_MS = 1_000

/**
 * Calls `goOn` once the module is fetched. If BanGUI does not answer, a toast says so and the wait goes on until the reader
 * cancels it.
 */
export async function whenFetched<TModule>(
  module: LazyModule<TModule>,
  goOn: (fetched: TModule) => void,
): Promise<void> {
  let isGivenUp = false
  let note: number | undefined
  const timer = setTimeout(() => {
    note = toast({
      tone: 'warning',
      title: isServerAway() ? 'BanGUI does not answer' : 'Fetching this part of the page',
      text: 'It opens as soon as it has loaded.',
      action: { label: 'Cancel', onSelect: () => (isGivenUp = true) },
      duration: MAX_TIMER_MS,
    })
  }, NOTE_AFTER_MS)
  try {
    const fetched = await module.load()
    if (!isGivenUp) goOn(fetched)
  } catch {
    toast({
      tone: 'danger',
      title: 'This part of the page could not be loaded',
      text: 'BanGUI was probably updated. Reload the page.',
    })
  } finally {
    clearTimeout(timer)
    if (note !== undefined) dismissToast(note)
  }
}

/** The maximum of a timer: the toast stays until it is dismissed. */
const MAX_TIMER_MS = 2 ** 31 - 1

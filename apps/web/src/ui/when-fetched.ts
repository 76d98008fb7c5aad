import type { Part } from '../lib/parts.ts'
import { isServerAway } from '../lib/server-reach.ts'
import { dismissToast, toast } from './toast.tsx'

/** How long a part may take before a word is said about it, in milliseconds. */
const PATIENCE_MS = 1_000

/**
 * Continues once a part of the page is fetched. If BanGUI does not answer, says so and waits for it, until the reader
 * gives up.
 */
export async function whenFetched<TPart>(part: Part<TPart>, goOn: (fetched: TPart) => void): Promise<void> {
  let isGivenUp = false
  let note: number | undefined
  const timer = setTimeout(() => {
    note = toast({
      tone: 'warning',
      title: isServerAway() ? 'BanGUI does not answer' : 'Fetching this part of the page',
      text: 'It opens as soon as it is there.',
      action: { label: 'Cancel', onSelect: () => (isGivenUp = true) },
      duration: FOR_GOOD_MS,
    })
  }, PATIENCE_MS)
  try {
    const fetched = await part.load()
    if (!isGivenUp) goOn(fetched)
  } catch {
    toast({
      tone: 'danger',
      title: 'This part of the page could not be fetched',
      text: 'BanGUI was probably updated. Reload the page.',
    })
  } finally {
    clearTimeout(timer)
    if (note !== undefined) dismissToast(note)
  }
}

/** The longest that a timer takes. */
const FOR_GOOD_MS = 2 ** 31 - 1

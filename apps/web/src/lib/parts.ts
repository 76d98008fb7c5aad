import { createSignal } from 'solid-js'
import { noteMissingPart } from './outdated.ts'
import { noteServer, whenServerAnswers } from './server-reach.ts'

/** A part of the interface that has files of its own. */
export type Part<TPart> = {
  /**
   * Fetches it, once; waits for a server that is away. Rejects where the server answers and has no such files: it is of
   * another build, and the page is marked as outdated.
   */
  load: () => Promise<TPart>
  /** what was fetched; undefined until then */
  fetched: () => TPart | undefined
  /** it cannot be fetched by this page any more */
  isMissing: () => boolean
}

const parts: Part<unknown>[] = []

/** Makes a part of what an `import()` gives. It is fetched when it is first asked for, or when the browser is idle. */
export function definePart<TPart>(fetchPart: () => Promise<TPart>): Part<TPart> {
  const [fetched, setFetched] = createSignal<TPart>()
  const [isMissing, setMissing] = createSignal(false)
  let loading: Promise<TPart> | undefined

  const fetchOnce = async () => {
    // not before: what failed once, a browser may not fetch again, nor its styles
    await whenServerAnswers()
    try {
      const part = await fetchPart()
      setFetched(() => part)
      return part
    } catch (error) {
      noteServer(false)
      await whenServerAnswers()
      setMissing(true)
      noteMissingPart(error instanceof Error ? error.message : 'unknown')
      throw error
    }
  }
  const part: Part<TPart> = {
    fetched,
    isMissing,
    load: () => (loading ??= fetchOnce()),
  }
  parts.push(part)
  return part
}

/** Fetches every part that is known, and those that come with them, one after the other, while nothing else is done. */
export async function fetchPartsWhenIdle(whenIdle: () => Promise<void> = idle): Promise<void> {
  if (savesData()) return
  for (let next = 0; next < parts.length; next += 1) {
    await whenIdle()
    // what is missing is said where it is asked for
    await parts[next]?.load().catch(() => undefined)
  }
}

/** Whether the reader asked the browser to fetch no more than is needed. */
const savesData = () => (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true

const idle = () =>
  new Promise<void>((resolve) => {
    if ('requestIdleCallback' in window) requestIdleCallback(() => resolve())
    else setTimeout(resolve, 1_000)
  })

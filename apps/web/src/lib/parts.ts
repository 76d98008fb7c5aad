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
    // not before: what failed once, a browser may not fetch again
    await whenServerAnswers()
    try {
      return await fetchPart()
    } catch {
      noteServer(false)
      await whenServerAnswers()
    }
    // the server may have been away just then: only a part that it lacks while it answers is missing
    try {
      await fetchMissingStyles()
      return await fetchPart()
    } catch (error) {
      setMissing(true)
      noteMissingPart(error instanceof Error ? error.message : 'unknown')
      throw error
    }
  }
  const fetchAndKeep = async () => {
    const part = await fetchOnce()
    setFetched(() => part)
    return part
  }
  const part: Part<TPart> = {
    fetched,
    isMissing,
    load: () => (loading ??= fetchAndKeep()),
  }
  parts.push(part)
  return part
}

/** Fetches the styles that could not be fetched: an `import()` that is repeated takes them for loaded. */
async function fetchMissingStyles(): Promise<void> {
  const links = [...document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')]
  const loaded = new Set(links.filter((link) => link.sheet).map((link) => link.href))
  const missing = new Map(links.filter((link) => !loaded.has(link.href)).map((link) => [link.href, link]))
  await Promise.all(Array.from(missing.values(), fetchStyle))
}

const fetchStyle = (failed: HTMLLinkElement) =>
  new Promise<void>((resolve, reject) => {
    const link = failed.cloneNode() as HTMLLinkElement
    link.addEventListener('load', () => resolve())
    link.addEventListener('error', () => reject(new Error(`${link.href} could not be fetched`)))
    failed.after(link)
  })

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

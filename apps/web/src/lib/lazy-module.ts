import { createSignal } from 'solid-js'
import { noteMissingModule } from './outdated.ts'
import { noteServer, whenServerAnswers } from './server-reach.ts'

/** A module of the interface with files of its own, which are fetched on demand. */
export type LazyModule<TModule> = {
  /**
   * Fetches it, once; waits for a server that is away. Rejects where the server answers and has no such files: it is of
   * another build, and the page is marked as outdated.
   */
  load: () => Promise<TModule>
  /** what was fetched; undefined until then */
  fetched: () => TModule | undefined
  /** it cannot be fetched by this page any more */
  isMissing: () => boolean
}

const modules: LazyModule<unknown>[] = []

/** Makes a part of what an `import()` gives. It is fetched when it is first asked for, or when the browser is idle. */
export function defineLazyModule<TModule>(fetchModule: () => Promise<TModule>): LazyModule<TModule> {
  const [fetched, setFetched] = createSignal<TModule>()
  const [isMissing, setMissing] = createSignal(false)
  let loading: Promise<TModule> | undefined

  const fetchOnce = async () => {
    // not before: what failed once, a browser may not fetch again
    await whenServerAnswers()
    try {
      return await fetchModule()
    } catch {
      noteServer(false)
      await whenServerAnswers()
    }
    // the server may have been away just then: only a part that it lacks while it answers is missing
    try {
      await fetchMissingStyles()
      return await fetchModule()
    } catch (error) {
      setMissing(true)
      noteMissingModule(error instanceof Error ? error.message : 'unknown')
      throw error
    }
  }
  const fetchAndKeep = async () => {
    const module = await fetchOnce()
    setFetched(() => module)
    return module
  }
  const module: LazyModule<TModule> = {
    fetched,
    isMissing,
    load: () => (loading ??= fetchAndKeep()),
  }
  modules.push(module)
  return module
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
export async function fetchModulesWhenIdle(whenIdle: () => Promise<void> = idle): Promise<void> {
  if (savesData()) return
  for (let next = 0; next < modules.length; next += 1) {
    await whenIdle()
    // what is missing is said where it is asked for
    await modules[next]?.load().catch(() => undefined)
  }
}

/** Whether the reader asked the browser to fetch no more than is needed. */
const savesData = () => (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true

const idle = () =>
  new Promise<void>((resolve) => {
    if ('requestIdleCallback' in window) requestIdleCallback(() => resolve())
    else setTimeout(resolve, 1_000)
  })

import { createSignal } from 'solid-js'
import { noteMissingModule } from './outdated.ts'
import { noteServer, whenServerAnswers } from './server-reach.ts'

/** A module of the interface with files of its own, which are fetched on demand. */
export type LazyModule<TModule> = {
  /**
   * Fetches the module once; waits if the server does not answer. Rejects if the server answers and lacks the files: it has
   * another build then, and the page is marked as outdated.
   */
  load: () => Promise<TModule>
  /** the module; undefined until it is fetched */
  fetched: () => TModule | undefined
  /** this page cannot fetch it any more */
  isMissing: () => boolean
}

const modules: LazyModule<unknown>[] = []

/** Defines a module by its `import()`. It is fetched on first use, or when the browser is idle unless it is `onDemand`. */
export function defineLazyModule<TModule>(
  fetchModule: () => Promise<TModule>,
  { onDemand = false }: { readonly onDemand?: boolean } = {},
): LazyModule<TModule> {
  const [fetched, setFetched] = createSignal<TModule>()
  const [isMissing, setMissing] = createSignal(false)
  let loading: Promise<TModule> | undefined

  const fetchOnce = async () => {
    // wait first: a browser may never repeat an import that failed once
    await whenServerAnswers()
    try {
      return await fetchModule()
    } catch {
      noteServer(false)
      await whenServerAnswers()
    }
    // the server may have stopped just then: a module is missing only if the server answers without it
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
  if (!onDemand) modules.push(module)
  return module
}

/** Fetches the styles that failed to load: a repeated `import()` takes them for loaded. */
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

/** Fetches all defined modules, and those that they define, one after the other, while the browser is idle. */
export async function fetchModulesWhenIdle(whenIdle: () => Promise<void> = idle): Promise<void> {
  if (savesData()) return
  for (let next = 0; next < modules.length; next += 1) {
    await whenIdle()
    // the error is shown when the module is used
    await modules[next]?.load().catch(() => undefined)
  }
}

/** Returns whether the reader asked the browser to save data. */
const savesData = () => (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true

const idle = () =>
  new Promise<void>((resolve) => {
    if ('requestIdleCallback' in window) requestIdleCallback(() => resolve())
    else setTimeout(resolve, 1_000)
  })

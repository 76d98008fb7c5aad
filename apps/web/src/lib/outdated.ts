import { createSignal } from 'solid-js'

const KEY = 'bangui.reloads'
/** A reload for the same cause is not repeated within this time: a cache that keeps the old page must not cause a loop. */
const REPEAT_AFTER_MS = 10 * 60_000

/** Why a page must be reloaded: the server has another build, or no longer has a module of this one. */
export type Outdated = { readonly by: 'version' | 'build' | 'part'; readonly what: string }

const [otherBuild, setOtherBuild] = createSignal<Outdated>()
const [missingModule, setMissingModule] = createSignal<Outdated>()

/** Returns why this page has another build than the server; undefined while both have the same. */
export const outdated = (): Outdated | undefined => otherBuild() ?? missingModule()

/** Stores the version and the build that the server reports; an older server does not report its build. */
export function noteServerBuild(server: { version: string; build: string | null | undefined }): void {
  const own = ownBuild()
  const { version, build } = server
  if (version !== __BANGUI_VERSION__) setOtherBuild({ by: 'version', what: version })
  else if (build && own && build !== own) setOtherBuild({ by: 'build', what: build })
  else setOtherBuild(undefined)
}

/** Stores that the server answers but lacks a module of this page. */
export const noteMissingModule = (what: string): void => void setMissingModule({ by: 'part', what })

/** Returns the build of this page, as the server wrote it into the page; undefined if it did not. */
const ownBuild = () => document.querySelector<HTMLMetaElement>('meta[name="bangui-build"]')?.content

/** Reloads an outdated page. Returns false if it is not outdated, or if a recent reload did not help. */
export function reloadOutdated(reload: () => void = () => location.reload()): boolean {
  const cause = outdated()
  if (!cause || !mayReload(`${cause.by} ${cause.what}`)) return false
  reload()
  return true
}

/** Returns whether no reload for that cause was tried recently; records this one then. */
function mayReload(cause: string): boolean {
  try {
    const known = JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Record<string, number>
    const now = Date.now()
    const tried = Object.entries(known).filter(([, at]) => Math.abs(now - at) < REPEAT_AFTER_MS)
    if (tried.some(([each]) => each === cause)) return false
    sessionStorage.setItem(KEY, JSON.stringify(Object.fromEntries([...tried, [cause, now]])))
    return true
  } catch {
    // without storage a loop could not be detected, so the reader decides
    return false
  }
}

import { createSignal } from 'solid-js'

const KEY = 'bangui.reloads'
/** A reload for the same cause is not repeated within this time, in milliseconds: a cache that keeps the old page must not make a loop. */
const REPEAT_AFTER_MS = 10 * 60_000

/** Why a page is to be loaded anew: the server has another build, or no longer has a part of this one. */
export type Outdated = { readonly by: 'version' | 'build' | 'part'; readonly what: string }

const [otherBuild, setOtherBuild] = createSignal<Outdated>()
const [missingModule, setMissingModule] = createSignal<Outdated>()

/** Why this page has another build than the server; undefined while both have the same. */
export const outdated = (): Outdated | undefined => otherBuild() ?? missingModule()

/** Stores the version and the build that the server reports; an older server does not report its build. */
export function noteServerBuild(server: { version: string; build: string | null | undefined }): void {
  const own = ownBuild()
  const { version, build } = server
  if (version !== __BANGUI_VERSION__) setOtherBuild({ by: 'version', what: version })
  else if (build && own && build !== own) setOtherBuild({ by: 'build', what: build })
  else setOtherBuild(undefined)
}

/** Takes in that the server answers and does not have a part of this page. */
export const noteMissingModule = (what: string): void => void setMissingModule({ by: 'part', what })

/** The build that this page is from, as the server wrote it into the page; undefined where none did. */
const ownBuild = () => document.querySelector<HTMLMetaElement>('meta[name="bangui-build"]')?.content

/** Reloads a page that is outdated. Returns false where it is not, or where a reload did not help a moment ago. */
export function reloadOutdated(reload: () => void = () => location.reload()): boolean {
  const cause = outdated()
  if (!cause || !mayReload(`${cause.by} ${cause.what}`)) return false
  reload()
  return true
}

/** Whether no reload for that cause was tried a moment ago; notes that one is. */
function mayReload(cause: string): boolean {
  try {
    const known = JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Record<string, number>
    const now = Date.now()
    const tried = Object.entries(known).filter(([, at]) => Math.abs(now - at) < REPEAT_AFTER_MS)
    if (tried.some(([each]) => each === cause)) return false
    sessionStorage.setItem(KEY, JSON.stringify(Object.fromEntries([...tried, [cause, now]])))
    return true
  } catch {
    // without storage a loop could not be noticed: leave it to the reader
    return false
  }
}

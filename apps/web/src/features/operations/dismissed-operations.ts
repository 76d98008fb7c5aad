const STORAGE_KEY = 'bangui.dismissed-operations'

/** How many are remembered. */
const MAX_DISMISSED = 50

/** Returns the ids of the operations whose notice was dismissed in this browser. */
export function readDismissed(): readonly string[] {
  try {
    const ids: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '[]')
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string').slice(-MAX_DISMISSED) : []
  } catch {
    return []
  }
}

/** Remembers that the notice of an operation was dismissed, and returns all of them. */
export function rememberDismissed(id: string): readonly string[] {
  const ids = [...readDismissed().filter((known) => known !== id), id].slice(-MAX_DISMISSED)
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(ids))
  } catch {
    // without storage it comes back when the page is loaded again
  }
  return ids
}

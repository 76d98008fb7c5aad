const key = 'bangui.reloaded'

/** Something is being typed or decided, which a reload would lose. */
export function isReaderBusy(): boolean {
  const active = document.activeElement
  const typing = active instanceof HTMLElement && active.matches('input, textarea, select')
  return typing || document.querySelector('[role=dialog], [role=alertdialog]') !== null
}

/** Reloads the page, but only once for the same cause: a cache that keeps the old page must not make a loop. */
export function reloadOnceFor(cause: string, reload: () => void = () => location.reload()): boolean {
  try {
    if (sessionStorage.getItem(key) === cause) return false
    sessionStorage.setItem(key, cause)
  } catch {
    // without storage a loop could not be told: leave it to the reader
    return false
  }
  reload()
  return true
}

/** Lines stay in this tab: they can contain secrets, and a URL is kept in histories and logs. */
const STORAGE_KEY = 'bangui.regex-lab.lines'

/** Returns the lines that the regex lab tests; empty: there are none. */
export function readLabLines(): string {
  try {
    return sessionStorage.getItem(STORAGE_KEY) ?? ''
  } catch {
    return '' // storage is switched off
  }
}

/** Keeps the lines that the regex lab tests, for this tab. */
export function keepLabLines(lines: string): void {
  try {
    sessionStorage.setItem(STORAGE_KEY, lines)
  } catch {
    // storage is full or switched off: the lines are kept until the page is closed
  }
}

import { createSignal } from 'solid-js'

export type Theme = 'system' | 'light' | 'dark'

const key = 'bangui.theme'

function storedTheme(): Theme {
  try {
    const value = localStorage.getItem(key)
    return value === 'light' || value === 'dark' ? value : 'system'
  } catch {
    // storage is not available
    return 'system'
  }
}

const [theme, setSignal] = createSignal<Theme>(storedTheme())

/** The chosen theme; "system" follows the device. */
export const currentTheme = theme

/** Applies a theme at once and keeps it for the next visit. */
export function setTheme(next: Theme): void {
  setSignal(next)
  if (next === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = next
  try {
    if (next === 'system') localStorage.removeItem(key)
    else localStorage.setItem(key, next)
  } catch {
    // storage is not available: the choice lasts until the page is left
  }
}

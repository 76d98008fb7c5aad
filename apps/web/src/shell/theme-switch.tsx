import Monitor from 'lucide-solid/icons/monitor'
import Moon from 'lucide-solid/icons/moon'
import Sun from 'lucide-solid/icons/sun'
import type { JSX } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import { currentTheme, setTheme, type Theme } from '../lib/theme.ts'
import { IconButton } from '../ui/icon-button.tsx'

const icons = { system: Monitor, light: Sun, dark: Moon }
const names = { system: 'as on this device', light: 'light', dark: 'dark' }
const next: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' }

/** Switches the theme: as on the device, light, dark. */
export function ThemeSwitch(): JSX.Element {
  return (
    <IconButton
      label={`Theme: ${names[currentTheme()]}`}
      icon={<Dynamic component={icons[currentTheme()]} />}
      onClick={() => setTheme(next[currentTheme()])}
    />
  )
}

import { createSignal } from 'solid-js'
import { whenFetched } from '../ui/when-fetched.ts'

const [open, setOpen] = createSignal(false)
const load = () => import('../features/palette/palette.tsx')

export const isPaletteOpen = open
export const setPaletteOpen = setOpen

/** Opens the command palette. */
export const openPalette = (): void => void whenFetched(load, () => setOpen(true))

/** Fetches the palette before it is asked for. */
export const preloadPalette = (): void => void load().catch(() => undefined)

/** The key beside K on this keyboard. */
export const paletteKey = /mac|iphone|ipad/i.test(navigator.userAgent) ? '⌘' : 'Ctrl'

/** The palette's own chunk. */
export const loadPalette = load

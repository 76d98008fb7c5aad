import { createSignal } from 'solid-js'
import { defineLazyModule } from '../lib/lazy-module.ts'
import { whenFetched } from '../ui/when-fetched.ts'

const [open, setOpen] = createSignal(false)

/** The palette's own chunk. */
export const paletteModule = defineLazyModule(() => import('../features/palette/palette.tsx'))

export const isPaletteOpen = open
export const setPaletteOpen = setOpen

/** Opens the command palette. */
export const openPalette = (): void => void whenFetched(paletteModule, () => setOpen(true))

/** Fetches the palette before it is opened. */
export const preloadPalette = (): void => void paletteModule.load().catch(() => undefined)

/** The modifier key beside K on this keyboard. */
export const paletteKey = /mac|iphone|ipad/i.test(navigator.userAgent) ? '⌘' : 'Ctrl'

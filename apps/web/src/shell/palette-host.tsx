import { createMemo, type JSX, lazy, onCleanup, onMount, Show, Suspense } from 'solid-js'
import { isPaletteOpen, openPalette, paletteModule, preloadPalette, setPaletteOpen } from './palette-state.ts'

const Palette = lazy(async () => ({ default: (await paletteModule.load()).Palette }))

/** Opens the palette with Ctrl K or ⌘ K; its code is fetched on first use. */
export function PaletteHost(): JSX.Element {
  // it stays mounted once it was opened, so that it can close with its animation and return the focus
  const wanted = createMemo<boolean>((before) => before || isPaletteOpen(), false)
  onMount(() => {
    const onKey = (event: KeyboardEvent) => {
      // the user may hold Ctrl down, press K and type at once
      if (event.key === 'Control' || event.key === 'Meta') preloadPalette()
      if (
        event.key.toLowerCase() !== 'k' ||
        !(event.ctrlKey || event.metaKey) ||
        event.altKey ||
        event.shiftKey
      )
        return
      event.preventDefault()
      if (isPaletteOpen()) setPaletteOpen(false)
      else openPalette()
    }
    addEventListener('keydown', onKey)
    onCleanup(() => removeEventListener('keydown', onKey))
  })
  return (
    <Show when={wanted()}>
      <Suspense>
        <Palette open={isPaletteOpen()} onOpenChange={setPaletteOpen} />
      </Suspense>
    </Show>
  )
}

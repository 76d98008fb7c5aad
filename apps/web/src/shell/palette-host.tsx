import { createMemo, type JSX, lazy, onCleanup, onMount, Show, Suspense } from 'solid-js'
import { isPaletteOpen, openPalette, paletteModule, preloadPalette, setPaletteOpen } from './palette-state.ts'

const Palette = lazy(async () => ({ default: (await paletteModule.load()).Palette }))

/** Listens for Ctrl K or ⌘ K, and fetches the palette when it is first asked for. */
export function PaletteHost(): JSX.Element {
  // stays once it was opened, so that it can close with its motion and give the focus back
  const wanted = createMemo<boolean>((before) => before || isPaletteOpen(), false)
  onMount(() => {
    const onKey = (event: KeyboardEvent) => {
      // the user may hold it down, press K next, and type at once
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

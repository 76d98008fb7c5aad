import { createSignal, type JSX, Show } from 'solid-js'
import { basePath } from '../lib/base-path.ts'
import { useLive } from '../live/live-store.tsx'
import { Banner } from '../ui/banner.tsx'

const [dismissed, setDismissed] = createSignal(false)

/** Says that a proxy holds the live stream back, and what to do about it. */
export function HeldStreamNotice(): JSX.Element {
  const live = useLive()
  return (
    <Show when={live.connection === 'polling' && !dismissed()}>
      <Banner
        bar
        tone="info"
        title="The live stream does not get through."
        onDismiss={() => setDismissed(true)}
      >
        Something between this browser and BanGUI, most likely a reverse proxy, holds it back. This page asks
        for changes every 3 seconds instead. To see them at once, switch off response buffering for{' '}
        <code>{basePath()}/trpc/live.watch</code> in the proxy.
      </Banner>
    </Show>
  )
}

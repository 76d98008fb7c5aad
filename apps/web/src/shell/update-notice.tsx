import { createEffect, type JSX, Show } from 'solid-js'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'
import { isReaderBusy, reloadOnceFor } from './reload.ts'

/** Another version of BanGUI runs now: reloads this page by itself where nothing is lost by it, else asks. */
export function UpdateNotice(props: {
  /** of the server, as the live stream says */
  version: string | undefined
}): JSX.Element {
  const outdated = () => props.version !== undefined && props.version !== __BANGUI_VERSION__
  createEffect(() => {
    if (outdated() && props.version && !isReaderBusy()) reloadOnceFor(props.version)
  })
  return (
    <Show when={outdated()}>
      <Banner
        bar
        tone="info"
        title={`BanGUI is now version ${props.version}.`}
        actions={
          <Button size="sm" onClick={() => location.reload()}>
            Reload
          </Button>
        }
      >
        This page is from {__BANGUI_VERSION__}.
      </Banner>
    </Show>
  )
}

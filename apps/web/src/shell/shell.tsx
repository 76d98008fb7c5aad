import { useLocation } from '@solidjs/router'
import { createEffect, type JSX, Show } from 'solid-js'
import { useSession } from '../auth/session.tsx'
import { BanDialogHost } from '../features/bans/ban-dialog-host.tsx'
import { useLive } from '../live/live-store.tsx'
import { describeDaemon } from '../lib/daemon-state.ts'
import { markNavigated } from '../lib/route-focus.ts'
import { useTitleState } from '../lib/title.ts'
import { ToastRegion } from '../ui/toast.tsx'
import { TooltipLayer } from '../ui/tooltip.tsx'
import { Banners } from './banners.tsx'
import { Navigation } from './navigation.tsx'
import { PaletteHost } from './palette-host.tsx'
import { createScrollPlaces } from './scroll-places.ts'
import styles from './shell.module.css'
import { TopBar } from './top-bar.tsx'
import { UnknownHostPage } from './unknown-host-page.tsx'

/** What surrounds every page after sign-in. */
export function Shell(props: { children: JSX.Element }): JSX.Element {
  const live = useLive()
  const session = useSession()
  const location = useLocation()
  let main: HTMLElement | undefined
  const places = createScrollPlaces(() => main)

  useTitleState(() => {
    const state = describeDaemon(live.runtime?.serverStatus)
    return state.tone === 'danger' || state.tone === 'warning' ? state.word : undefined
  })
  createEffect(() => {
    if (live.signedOut) session.expire()
  })
  createEffect((before: string | undefined) => {
    const path = location.pathname
    if (before !== undefined && before !== path) {
      markNavigated()
      places.changed()
    }
    return path
  })

  return (
    <div class={styles['shell']}>
      <a
        class={styles['skip']}
        href="#main"
        target="_self"
        onClick={(event) => {
          // a bare fragment would lead to another page: links resolve against <base>
          event.preventDefault()
          main?.focus()
        }}
      >
        Skip to the content
      </a>
      <Banners />
      <div class={styles['frame']}>
        <Navigation />
        <div class={styles['column']}>
          <TopBar />
          <main class={styles['main']} id="main" tabindex="-1" ref={(element) => (main = element)}>
            <Show when={!live.isUnknownHost} fallback={<UnknownHostPage />}>
              {props.children}
            </Show>
          </main>
        </div>
      </div>
      <Show when={session.user()}>
        <PaletteHost />
        <BanDialogHost />
      </Show>
      <ToastRegion />
      <TooltipLayer />
    </div>
  )
}

import Search from 'lucide-solid/icons/search'
import { type JSX, Show } from 'solid-js'
import { useLive } from '../live/live-store.tsx'
import { describeDaemon } from '../lib/daemon-state.ts'
import { Kbd } from '../ui/kbd.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { StatusDot } from '../ui/status-dot.tsx'
import { VisuallyHidden } from '../ui/visually-hidden.tsx'
import { LiveDot } from './live-dot.tsx'
import { openPalette, paletteKey, preloadPalette } from './palette-state.ts'
import { ThemeSwitch } from './theme-switch.tsx'
import styles from './top-bar.module.css'
import { UserMenu } from './user-menu.tsx'

/** The host, the daemon's state, search, and the signed-in user. */
export function TopBar(): JSX.Element {
  const live = useLive()
  const status = () => live.runtime?.serverStatus
  const daemon = () => describeDaemon(status())
  // without a connection, the last known state may be wrong
  const isOld = () => live.connection === 'offline'
  return (
    <header class={styles['bar']}>
      <div class={styles['where']}>
        <Show when={live.runtime} fallback={!live.isUnknownHost && <Skeleton width="140px" />}>
          <span class={styles['node']}>{live.runtime?.node}</span>
          <span class={styles['daemon']} data-tooltip={status()?.message ?? daemon().sentence} tabindex="0">
            <StatusDot
              tone={isOld() ? 'neutral' : daemon().tone}
              label={isOld() ? 'fail2ban: unknown' : `fail2ban: ${daemon().word}`}
              pulse={daemon().busy && !isOld()}
            />
            <Show when={!isOld() && status()?.online && status()?.version}>
              <span class={styles['version']}>{status()?.version}</span>
            </Show>
          </span>
        </Show>
      </div>
      <div class={styles['tools']}>
        <button
          class={styles['search']}
          type="button"
          aria-keyshortcuts="Control+K Meta+K"
          aria-haspopup="dialog"
          onPointerEnter={preloadPalette}
          onFocus={preloadPalette}
          onClick={openPalette}
        >
          <Search aria-hidden="true" />
          <span class={styles['words']}>
            Search<VisuallyHidden> pages, jails, addresses and countries</VisuallyHidden>
          </span>
          <span class={styles['keys']} aria-hidden="true">
            <Kbd>{paletteKey}</Kbd>
            <Kbd>K</Kbd>
          </span>
        </button>
        <LiveDot />
        <ThemeSwitch />
        <UserMenu />
      </div>
    </header>
  )
}

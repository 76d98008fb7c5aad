import { A } from '@solidjs/router'
import Activity from 'lucide-solid/icons/activity'
import FlaskConical from 'lucide-solid/icons/flask-conical'
import Earth from 'lucide-solid/icons/earth'
import Ban from 'lucide-solid/icons/ban'
import FileCog from 'lucide-solid/icons/file-cog'
import Fence from 'lucide-solid/icons/fence'
import Gauge from 'lucide-solid/icons/gauge'
import ScrollText from 'lucide-solid/icons/scroll-text'
import Settings from 'lucide-solid/icons/settings'
import { type Component, For, type JSX, Show } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import { usePageHref } from '../lib/page-host.ts'
import { useCan } from '../lib/permissions.ts'
import { needsAttention } from '../lib/jail-state.ts'
import { useLive } from '../live/live-store.tsx'
import { formatNumber } from '../lib/format.ts'
import { VisuallyHidden } from '../ui/visually-hidden.tsx'
import { Logo } from './logo.tsx'
import styles from './navigation.module.css'

type NavigationPage = {
  href: string
  label: string
  icon: Component<{ class?: string | undefined; 'aria-hidden': 'true' }>
  /** only for those who may read logs */
  readsLogs?: boolean
  /** only in the side bar: there is no room in the bottom bar of a small screen */
  wide?: boolean
}

/** The pages, in the order of the side bar. */
export const pages: readonly NavigationPage[] = [
  { href: '/', label: 'Overview', icon: Gauge },
  { href: '/activity', label: 'Activity', icon: Activity },
  { href: '/bans', label: 'Bans', icon: Ban },
  { href: '/jails', label: 'Jails', icon: Fence },
  { href: '/map', label: 'Map', icon: Earth },
  { href: '/configuration', label: 'Configuration', icon: FileCog },
  { href: '/logs', label: 'Logs', icon: ScrollText, readsLogs: true, wide: true },
  { href: '/regex-lab', label: 'Regex lab', icon: FlaskConical, readsLogs: true, wide: true },
  { href: '/settings', label: 'Settings', icon: Settings },
]

/** The side bar; a bottom bar on a small screen. */
export function Navigation(): JSX.Element {
  const live = useLive()
  const pageHref = usePageHref()
  const mayRead = useCan('logs.read')
  const online = () => live.runtime?.serverStatus.online ?? false
  const troubled = () => live.jails?.filter((jail) => needsAttention(jail, online())).length ?? 0
  return (
    <nav class={styles['nav']} aria-label="Main">
      <div class={styles['brand']}>
        <Logo />
      </div>
      <ul class={styles['list']}>
        <For each={pages.filter(({ readsLogs }) => !readsLogs || mayRead())}>
          {(page) => (
            <li data-wide={page.wide ? '' : undefined}>
              <A class={styles['item']} href={pageHref(page.href)} end={page.href === '/'}>
                <Dynamic component={page.icon} class={styles['icon']} aria-hidden="true" />
                <span class={styles['label']}>{page.label}</span>
                <Show when={page.href === '/jails' && troubled() > 0}>
                  <span class={styles['count']}>
                    {formatNumber(troubled())}
                    <VisuallyHidden> need attention</VisuallyHidden>
                  </span>
                </Show>
              </A>
            </li>
          )}
        </For>
      </ul>
      <p class={styles['version']}>BanGUI {live.runtime?.version ?? __BANGUI_VERSION__}</p>
    </nav>
  )
}

import { A, useLocation } from '@solidjs/router'
import Activity from 'lucide-solid/icons/activity'
import ChartColumn from 'lucide-solid/icons/chart-column'
import FlaskConical from 'lucide-solid/icons/flask-conical'
import ClipboardList from 'lucide-solid/icons/clipboard-list'
import Earth from 'lucide-solid/icons/earth'
import Ban from 'lucide-solid/icons/ban'
import BellRing from 'lucide-solid/icons/bell-ring'
import Ellipsis from 'lucide-solid/icons/ellipsis'
import FileCog from 'lucide-solid/icons/file-cog'
import Fence from 'lucide-solid/icons/fence'
import Gauge from 'lucide-solid/icons/gauge'
import ListX from 'lucide-solid/icons/list-x'
import ScrollText from 'lucide-solid/icons/scroll-text'
import Settings from 'lucide-solid/icons/settings'
import ShieldCheck from 'lucide-solid/icons/shield-check'
import ShieldUser from 'lucide-solid/icons/shield-user'
import { type Component, For, type JSX, Show } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import { usePageHref } from '../lib/page-host.ts'
import { useCan } from '../lib/permissions.ts'
import { needsAttention } from '../lib/jail-state.ts'
import { useLive } from '../live/live-store.tsx'
import { formatNumber } from '../lib/format.ts'
import { LazyMenu } from '../ui/lazy-menu.tsx'
import { VisuallyHidden } from '../ui/visually-hidden.tsx'
import { Logo } from './logo.tsx'
import styles from './navigation.module.css'

type NavigationPage = {
  href: string
  label: string
  icon: Component<{ class?: string | undefined; 'aria-hidden': 'true' }>
  /** only for those who may read logs */
  readsLogs?: boolean
  /** on a small screen it is in the menu “More”: there is no room for it in the bottom bar */
  more?: boolean
}

/** The pages, in the order of the side bar. */
const pages: readonly NavigationPage[] = [
  { href: '/', label: 'Overview', icon: Gauge },
  { href: '/activity', label: 'Activity', icon: Activity, more: true },
  { href: '/bans', label: 'Bans', icon: Ban },
  { href: '/jails', label: 'Jails', icon: Fence },
  { href: '/protection', label: 'Protection', icon: ShieldCheck },
  { href: '/statistics', label: 'Statistics', icon: ChartColumn, more: true },
  { href: '/map', label: 'Map', icon: Earth, more: true },
  { href: '/configuration', label: 'Configuration', icon: FileCog, more: true },
  { href: '/blocklists', label: 'Blocklists', icon: ListX, more: true },
  { href: '/allow-list', label: 'Allow list', icon: ShieldUser, more: true },
  { href: '/alerts', label: 'Alerts', icon: BellRing, more: true },
  { href: '/logs', label: 'Logs', icon: ScrollText, readsLogs: true, more: true },
  { href: '/regex-lab', label: 'Regex lab', icon: FlaskConical, readsLogs: true, more: true },
  { href: '/operations', label: 'Operations', icon: ClipboardList, more: true },
  { href: '/settings', label: 'Settings', icon: Settings, more: true },
]

/** Returns the pages that the user may open. */
function useShownPages(): () => readonly NavigationPage[] {
  const mayRead = useCan('logs.read')
  return () => pages.filter(({ readsLogs }) => !readsLogs || mayRead())
}

/** The side bar; a bottom bar on a small screen. */
export function Navigation(): JSX.Element {
  const live = useLive()
  const pageHref = usePageHref()
  const shown = useShownPages()
  const online = () => live.runtime?.serverStatus.online ?? false
  const health = () => live.runtime?.health
  /** how many things on a page need attention */
  const counts: Readonly<Record<string, () => number>> = {
    '/jails': () => live.jails?.filter((jail) => needsAttention(jail, online())).length ?? 0,
    '/alerts': () => live.runtime?.alerts.open ?? 0,
    '/protection': () => (health()?.critical ?? 0) + (health()?.warning ?? 0),
  }
  return (
    <nav class={styles['nav']} aria-label="Main">
      <div class={styles['brand']}>
        <Logo />
      </div>
      <ul class={styles['list']}>
        <For each={shown()}>
          {(page) => (
            <li data-more={page.more ? '' : undefined}>
              <A class={styles['item']} href={pageHref(page.href)} end={page.href === '/'}>
                <Dynamic component={page.icon} class={styles['icon']} aria-hidden="true" />
                <span class={styles['label']}>{page.label}</span>
                <Show when={counts[page.href]?.()}>
                  {(count) => (
                    <span class={styles['count']}>
                      {formatNumber(count())}
                      <VisuallyHidden> {count() === 1 ? 'needs' : 'need'} attention</VisuallyHidden>
                    </span>
                  )}
                </Show>
              </A>
            </li>
          )}
        </For>
        <li data-only-small="">
          <More />
        </li>
      </ul>
      <p class={styles['version']}>BanGUI {live.runtime?.version ?? __BANGUI_VERSION__}</p>
    </nav>
  )
}

/** The pages that have no place in the bottom bar. */
function More(): JSX.Element {
  const location = useLocation()
  const shown = useShownPages()
  const hidden = () => shown().filter(({ more }) => more)
  const isHere = () => hidden().some(({ href }) => location.pathname.startsWith(href))
  return (
    <span class={styles['more']} data-here={isHere() ? '' : undefined}>
      <LazyMenu
        label="More pages"
        shape="bar"
        tooltip={false}
        trigger={
          <>
            <Ellipsis aria-hidden="true" />
            More
          </>
        }
        items={() =>
          hidden().map(({ href, label, icon }) => ({
            label,
            href,
            icon: <Dynamic component={icon} aria-hidden="true" />,
          }))
        }
      />
    </span>
  )
}

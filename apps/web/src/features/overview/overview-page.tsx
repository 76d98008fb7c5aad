import type { JSX } from 'solid-js'
import { formatNumber } from '../../lib/format.ts'
import { useLive } from '../../live/live-store.tsx'
import { Page } from '../../ui/page.tsx'
import { Stat } from '../../ui/stat.tsx'
import { CheckButton } from './check-button.tsx'
import { JailBars } from './jail-bars.tsx'
import styles from './overview-page.module.css'
import { StatusStrip } from './status-strip.tsx'

/** How the protection stands, in five seconds. */
export function OverviewPage(): JSX.Element {
  const live = useLive()
  const status = () => live.runtime?.serverStatus
  // a daemon that is away has no figures: showing its zeros would say that all is quiet
  const known = () => status()?.online === true
  const stale = () => (live.connection === 'offline' ? '' : undefined)
  const figure = (count: number | undefined) => {
    if (!live.runtime || status()?.checkedAt === null) return undefined
    return known() && count !== undefined ? formatNumber(count) : '–'
  }
  return (
    <Page title="Overview" actions={<CheckButton />}>
      <StatusStrip />
      <div class={styles['figures']} data-stale={stale()}>
        <Stat
          label="Banned now"
          value={figure(status()?.currentlyBanned)}
          hint="addresses that are kept out"
          href="/jails?filter=running&sort=-banned"
        />
        <Stat
          label="Bans since start"
          value={figure(status()?.totalBanned)}
          hint="of fail2ban, over all jails"
          href="/jails?filter=running&sort=-totalBanned"
        />
        <Stat
          label="Failures now"
          value={figure(status()?.currentlyFailed)}
          hint="addresses on the way to a ban"
          href="/jails?filter=running&sort=-failed"
        />
        <Stat
          label="Failures since start"
          value={figure(status()?.totalFailed)}
          hint="of fail2ban, over all jails"
          href="/jails?filter=running&sort=-totalFailed"
        />
      </div>
      <div data-stale={stale()}>
        <JailBars />
      </div>
    </Page>
  )
}

import Eye from 'lucide-solid/icons/eye'
import FlaskConical from 'lucide-solid/icons/flask-conical'
import { type JSX, Show } from 'solid-js'
import { ConfirmationBanner } from '../features/confirmation/confirmation-banner.tsx'
import { LostBansBanner } from '../features/operations/lost-bans-banner.tsx'
import { OperationsStrip } from '../features/operations/operations-strip.tsx'
import { UnfinishedBanner } from '../features/operations/unfinished-banner.tsx'
import { PauseBanner } from '../features/pause/pause-banner.tsx'
import { RecoveryBanner } from '../features/recovery/recovery-banner.tsx'
import { useLive } from '../live/live-store.tsx'
import { formatExact } from '../lib/format.ts'
import { Banner } from '../ui/banner.tsx'
import styles from './banners.module.css'
import { ConfigBanner } from './config-banner.tsx'
import { DaemonBanner } from './daemon-banner.tsx'
import { HeldStreamNotice } from './held-stream-notice.tsx'
import { LoadingNotice } from './loading-notice.tsx'
import { UpdateNotice } from './update-notice.tsx'

/** Banners above every page. */
export function Banners(): JSX.Element {
  const live = useLive()
  const recovering = () => {
    const pending = live.runtime?.pendingRecovery
    return (
      (pending !== null && pending !== undefined && !pending.recovered) || Boolean(live.runtime?.recovery)
    )
  }
  return (
    <section class={styles['banners']} aria-label="Notices">
      <Show when={live.runtime?.demo}>
        <p class={styles['strip']} role="note">
          <FlaskConical aria-hidden="true" />
          <span>
            <strong>DEMO</strong>: simulated attacks on a private fail2ban; nothing here touches this machine
          </span>
        </p>
      </Show>
      <Show when={live.runtime?.readOnly}>
        <p class={styles['strip']} data-kind="read-only" role="note">
          <Eye aria-hidden="true" />
          <span>
            <strong>READ-ONLY</strong>: BanGUI changes nothing in fail2ban, its files or its bans
            (BANGUI_READ_ONLY)
          </span>
        </p>
      </Show>
      <Show when={live.connection === 'offline'}>
        <Banner bar tone="danger" role="alert" title="BanGUI cannot be reached.">
          Retrying automatically.
          <Show when={live.lastMessageAt}>{(time) => <> Data from {formatExact(time())}.</>}</Show>
        </Banner>
      </Show>
      <HeldStreamNotice />
      <UpdateNotice version={live.runtime?.version} build={live.runtime?.build} />
      <ConfirmationBanner />
      <RecoveryBanner />
      <Show when={!recovering()}>
        <DaemonBanner status={live.runtime?.serverStatus} commands={live.runtime?.helpCommands ?? []} />
      </Show>
      <PauseBanner />
      <LoadingNotice />
      <ConfigBanner />
      <LostBansBanner />
      <UnfinishedBanner />
      <OperationsStrip />
    </section>
  )
}

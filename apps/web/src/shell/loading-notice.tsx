import { type JSX, Show } from 'solid-js'
import { CancelLoad, createOverdue } from '../features/jails/cancel-load.tsx'
import { isRollingBack } from '../lib/activity.ts'
import { useLive } from '../live/live-store.tsx'
import { Banner } from '../ui/banner.tsx'

/** Says that fail2ban has been loading for a long time, and lets an administrator cancel that. */
export function LoadingNotice(): JSX.Element {
  const live = useLive()
  const isLoading = () => live.runtime?.serverStatus.activity === 'loading' && !isRollingBack(live.runtime)
  const overdue = createOverdue(isLoading)
  return (
    <Show when={isLoading() && overdue()}>
      <Banner bar tone="info" title="fail2ban is still loading a change." actions={<CancelLoad size="sm" />}>
        Many bans or a slow firewall can make this take long. If it hangs, cancel it: BanGUI then restores the
        files.
      </Banner>
    </Show>
  )
}

import { MANUAL_JAIL } from '@bangui/shared'
import type { JSX } from 'solid-js'
import { useStatsApi } from '../api/stats-api.ts'
import { SetUpJailOffer } from './set-up-jail-offer.tsx'

/** Offers to set up the jail that holds bans longer than a jail's own. */
export function ManualJailOffer(props: { onDone: () => void }): JSX.Element {
  const api = useStatsApi()
  return (
    <SetUpJailOffer
      jail={MANUAL_JAIL}
      tone="warning"
      title="This jail does not ban for that long."
      setUp={() => api.bans.setUpManualJail.mutate({ provisional: true })}
      onDone={() => props.onDone()}
    >
      For longer bans BanGUI uses its own jail, “{MANUAL_JAIL}”.
    </SetUpJailOffer>
  )
}

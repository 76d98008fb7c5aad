import { LISTS_JAIL } from '@bangui/shared'
import type { JSX } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { SetUpJailOffer } from '../../bans/set-up-jail-offer.tsx'

/** Offers to set up a jail that is made for blocklists. */
export function ListsJailOffer(): JSX.Element {
  const api = useApi()
  return (
    <SetUpJailOffer
      jail={LISTS_JAIL}
      tone="info"
      title="No jail is made for blocklists yet."
      setUp={() => api.blocklists.setUpJail.mutate({ provisional: true })}
    >
      BanGUI can set up the jail “{LISTS_JAIL}”: it reads no log, blocks with fail2ban’s default action, and
      bans for 14 days, so that the bans of a list do not end between two imports.
    </SetUpJailOffer>
  )
}

import { type Ban, showHidden } from '@bangui/shared'
import { For, type JSX, Show } from 'solid-js'
import { useCanChange } from '../../lib/permissions.ts'
import { AsyncButton } from '../../ui/async-button.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Link } from '../../ui/link.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { useBanActions } from '../../bans/ban-actions.ts'
import { lastingOf } from '../../bans/ban-end.ts'
import { openChangeBan } from '../../bans/change-ban-state.ts'
import { describeCause } from '../../bans/ban-words.ts'
import { Remaining } from '../../bans/remaining.tsx'
import { AddressLink } from '../../bans/address-link.tsx'
import styles from './address-page.module.css'

/** The active bans of an address, or of addresses in a network. */
export function AddressBans(props: { address: string; bans: readonly Ban[] }): JSX.Element {
  const actions = useBanActions()
  const canBan = useCanChange('bans.write')
  const isOfOthers = () => props.bans.some((ban) => ban.address !== props.address)
  return (
    <Card title="Banned now" flush>
      <div class={styles['now']}>
        <ul class={styles['bans']} data-others={isOfOthers() ? '' : undefined}>
          <For each={props.bans}>
            {(ban) => (
              <li class={styles['ban']}>
                <Show when={isOfOthers()}>
                  <AddressLink address={ban.address} menu={false} />
                </Show>
                <span class={styles['jail']}>
                  <Link href={`/jails/${encodeURIComponent(ban.jail)}`}>{showHidden(ban.jail)}</Link>
                </span>
                <span>
                  banned <RelativeTime time={ban.since} />
                  <Show when={ban.restoredAt}>
                    {(time) => (
                      <>
                        , restored <RelativeTime time={time()} />
                      </>
                    )}
                  </Show>
                </span>
                <Remaining {...lastingOf(ban)} />
                <span class={styles['why']}>{describeCause(ban)}</span>
                <Show when={canBan()}>
                  <span class={styles['actions']}>
                    <Button
                      size="sm"
                      aria-label={`Change the ban of ${ban.address} in ${showHidden(ban.jail)}`}
                      onClick={() => openChangeBan(ban)}
                    >
                      Change…
                    </Button>
                    <AsyncButton
                      size="sm"
                      aria-label={
                        ban.address === props.address
                          ? `Unban in ${showHidden(ban.jail)}`
                          : `Unban ${ban.address} in ${showHidden(ban.jail)}`
                      }
                      onPress={() => actions.unban([ban])}
                    >
                      Unban
                    </AsyncButton>
                  </span>
                </Show>
              </li>
            )}
          </For>
        </ul>
      </div>
    </Card>
  )
}

import type { Jail } from '@bangui/shared'
import { useSearchParams } from '@solidjs/router'
import { createMemo, createSignal, type JSX, Show } from 'solid-js'
import { useCanChange } from '../../lib/permissions.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { useBanActions } from '../../bans/ban-actions.ts'
import { openBanDialog } from '../../bans/open-ban-dialog.ts'
import { BanList } from '../../bans/ban-list.tsx'
import { type BanView, isUnfiltered, readBanSort, writeBanSort } from '../../bans/ban-view.ts'
import { BansToolbar } from '../../bans/bans-toolbar.tsx'
import { readOrigin } from '../../stats/origin-words.ts'
import { NoBans } from '../../bans/no-bans.tsx'
import { UnbanDialog } from '../../bans/unban-dialog.tsx'

type Params = { search?: string; origin?: string; sort?: string }

/** The active bans of one jail. */
export function JailBans(props: { jail: Jail }): JSX.Element {
  const canBan = useCanChange('bans.write')
  const actions = useBanActions()
  const [params, setParams] = useSearchParams<Params>()
  const [confirming, setConfirming] = createSignal(false)
  const view = createMemo<BanView>(() => ({
    search: params.search ?? '',
    jail: props.jail.name,
    origin: readOrigin(params.origin),
    sort: readBanSort(params.sort),
  }))
  // "back" undoes a choice, but not typing
  const choose = (next: Params) => setParams(next, { scroll: false })
  return (
    <Card flush>
      <BansToolbar
        search={view().search}
        jail={undefined}
        onSearch={(search) => setParams({ search: search || undefined }, { replace: true, scroll: false })}
        onJail={() => undefined}
        origin={view().origin}
        onOrigin={(origin) => choose({ origin })}
      >
        <Show when={canBan() && props.jail.running}>
          <Button onClick={() => openBanDialog({ jail: props.jail.name })}>Ban addresses</Button>
          <Show when={props.jail.currentlyBanned > 0}>
            <Button onClick={() => setConfirming(true)}>Unban all</Button>
          </Show>
        </Show>
      </BansToolbar>
      <BanList
        view={view()}
        onSort={(sort) => choose({ sort: writeBanSort(sort) })}
        empty={
          <NoBans
            filtered={!isUnfiltered(view())}
            onReset={() => choose({ search: undefined, origin: undefined })}
          />
        }
      />
      <Show when={confirming()}>
        <UnbanDialog
          count={props.jail.currentlyBanned}
          jail={props.jail.name}
          onClose={() => setConfirming(false)}
          onConfirm={() => {
            setConfirming(false)
            void actions.unbanAll(props.jail.name)
          }}
        />
      </Show>
    </Card>
  )
}

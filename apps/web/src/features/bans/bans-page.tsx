import { useSearchParams } from '@solidjs/router'
import Plus from 'lucide-solid/icons/plus'
import { createMemo, type JSX, Show } from 'solid-js'
import { QueryProvider } from '../../api/query-provider.tsx'
import { useCanChange } from '../../lib/permissions.ts'
import { useLive } from '../../live/live-store.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Page } from '../../ui/page.tsx'
import { EventSourceNote } from '../../feed/event-source-note.tsx'
import { openBanDialog } from '../../bans/open-ban-dialog.ts'
import { BanList } from '../../bans/ban-list.tsx'
import { type BanView, isUnfiltered, readBanSort, writeBanSort } from '../../bans/ban-view.ts'
import { BansToolbar } from '../../bans/bans-toolbar.tsx'
import { readOrigin } from '../../stats/origin-words.ts'
import { NoBans } from '../../bans/no-bans.tsx'

/** All active bans. */
export function BansPage(): JSX.Element {
  return (
    <QueryProvider>
      <Bans />
    </QueryProvider>
  )
}

type Params = { search?: string; jail?: string; origin?: string; sort?: string }

function Bans(): JSX.Element {
  const canBan = useCanChange('bans.write')
  const live = useLive()
  const isAway = () => live.runtime?.serverStatus.online === false
  const [params, setParams] = useSearchParams<Params>()
  const view = createMemo<BanView>(() => ({
    search: params.search ?? '',
    jail: params.jail ?? '',
    origin: readOrigin(params.origin),
    sort: readBanSort(params.sort),
  }))
  // "back" undoes a choice, but not typing
  const choose = (next: Params) => setParams(next, { scroll: false })
  const type = (next: Params) => setParams(next, { replace: true, scroll: false })
  const isFiltered = () => !isUnfiltered(view()) || view().jail !== ''
  return (
    <Page
      title="Bans"
      description={
        isAway()
          ? 'fail2ban is down: these are the bans that it had when it last answered.'
          : 'Addresses and networks currently banned.'
      }
      actions={
        <Show when={canBan()}>
          <Button
            variant="primary"
            icon={<Plus />}
            onClick={() => openBanDialog(view().jail === '' ? {} : { jail: view().jail })}
          >
            Ban addresses
          </Button>
        </Show>
      }
    >
      <EventSourceNote />
      <Card flush>
        <BansToolbar
          search={view().search}
          jail={view().jail}
          onSearch={(search) => type({ search: search || undefined })}
          onJail={(jail) => choose({ jail: jail || undefined })}
          origin={view().origin}
          onOrigin={(origin) => choose({ origin })}
        />
        <BanList
          view={view()}
          onSort={(sort) => choose({ sort: writeBanSort(sort) })}
          empty={
            <NoBans
              filtered={isFiltered()}
              onReset={() => choose({ search: undefined, jail: undefined, origin: undefined })}
            />
          }
        />
      </Card>
    </Page>
  )
}

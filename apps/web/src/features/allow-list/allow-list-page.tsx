import type { IgnoreStatus, ListedIgnore } from '@bangui/shared'
import { showHidden } from '@bangui/shared'
import Plus from 'lucide-solid/icons/plus'
import { createSignal, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { QueryProvider } from '../../api/query-provider.tsx'
import { useQuery } from '../../api/use-query.ts'
import { useAllow } from '../../bans/allow-address.ts'
import { useCanChange } from '../../lib/permissions.ts'
import { AsyncButton } from '../../ui/async-button.tsx'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Page } from '../../ui/page.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { AddDialog } from './add-dialog.tsx'
import { CheckCard } from './check-card.tsx'
import { ConfiguredCard } from './configured-card.tsx'
import { EntriesCard } from './entries-card.tsx'
import { ImportDialog } from './import-dialog.tsx'
import { OwnAddressesCard } from './own-addresses-card.tsx'
import { ignoreQueries } from './queries.ts'

/** What is never banned: where each entry holds, and what the configuration has beside BanGUI. */
export function AllowListPage(): JSX.Element {
  return (
    <QueryProvider>
      <AllowList />
    </QueryProvider>
  )
}

function AllowList(): JSX.Element {
  const api = useApi()
  const canChange = useCanChange('ignores.write')
  const list = useQuery(() => ignoreQueries.list(api))
  const status = useQuery(() => ignoreQueries.status(api))
  const [adding, setAdding] = createSignal(false)
  const [importing, setImporting] = createSignal(false)
  const own = () => (list.data ?? []).filter(({ source }) => source === 'bangui')
  return (
    <Page
      title="Allow list"
      description="Addresses, networks and host names that fail2ban never bans."
      actions={
        <Show when={canChange()}>
          <Button onClick={() => setImporting(true)}>Import…</Button>
          <Button variant="primary" icon={<Plus />} onClick={() => setAdding(true)}>
            Add entry
          </Button>
        </Show>
      }
    >
      <Show when={status.data}>
        {(data) => <StatusBanners status={data()} entries={own()} mayAdd={canChange()} />}
      </Show>
      <Loaded query={list} what="The allow list" fallback={<Skeleton lines={4} height="40px" />}>
        {(all) => (
          <>
            <EntriesCard
              entries={all().filter(({ source }) => source === 'bangui')}
              status={status.data}
              onAdd={canChange() ? () => setAdding(true) : undefined}
            />
            <CheckCard />
            <ConfiguredCard
              entries={all().filter(({ source }) => source !== 'bangui')}
              status={status.data}
            />
          </>
        )}
      </Loaded>
      <Show when={status.data}>{(data) => <OwnAddressesCard jails={data().jails} />}</Show>
      <Show when={adding()}>
        <AddDialog status={status.data} onClose={() => setAdding(false)} />
      </Show>
      <Show when={importing()}>
        <ImportDialog entries={own()} onClose={() => setImporting(false)} />
      </Show>
    </Page>
  )
}

function StatusBanners(props: {
  status: IgnoreStatus
  entries: readonly ListedIgnore[]
  mayAdd: boolean
}): JSX.Element {
  const allow = useAllow()
  return (
    <>
      <Show when={props.status.offline}>
        {(why) => (
          <Banner tone="warning" title="fail2ban cannot be asked where entries hold.">
            {showHidden(why())}
          </Banner>
        )}
      </Show>
      <Show when={props.status.unreadable}>
        {(why) => (
          <Banner
            tone="warning"
            title="The configuration cannot be read, so BanGUI cannot tell which entries last."
          >
            {showHidden(why())}
          </Banner>
        )}
      </Show>
      <Show when={!props.status.writable && props.entries.length > 0}>
        <Banner tone="info" role="note" title="Entries hold only while BanGUI runs.">
          BanGUI may not change fail2ban’s configuration on this host (BANGUI_CONFIG_WRITE=off). It sets the
          entries again after each reload and restart of fail2ban.
        </Banner>
      </Show>
      <Show when={props.status.copied}>
        {(copied) => (
          <Banner
            tone="info"
            role="note"
            title={`Changes of ignoreip in ${showHidden(copied().from)} have no effect.`}
          >
            The list for all jails is in {showHidden(copied().into)}, with a copy of what that file had when
            BanGUI added the first entry. Add further addresses here.
          </Banner>
        )}
      </Show>
      <Show when={props.mayAdd && !props.status.visitorCovered && props.status.visitor}>
        {(address) => (
          <Banner
            tone="info"
            role="note"
            title={`You come from ${address()}, which fail2ban may ban.`}
            actions={
              <AsyncButton size="sm" onPress={() => allow({ address: address() })}>
                This is you: add it
              </AsyncButton>
            }
          >
            A few mistyped passwords are enough to lock you out. Add the address if it is always yours.
          </Banner>
        )}
      </Show>
    </>
  )
}

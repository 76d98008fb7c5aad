import { contains, parseAddress, type Address, type AddressDetail } from '@bangui/shared'
import { useParams } from '@solidjs/router'
import { useQueryClient } from '@tanstack/solid-query'
import Ban from 'lucide-solid/icons/ban'
import LockOpen from 'lucide-solid/icons/lock-open'
import { createEffect, createMemo, type JSX, onCleanup, Show, untrack } from 'solid-js'
import { describeError } from '../../api/errors.ts'
import { QueryProvider } from '../../api/query-provider.tsx'
import { useQuery } from '../../api/use-query.ts'
import { useStatsApi } from '../../api/stats-api.ts'
import { decodePath } from '../../lib/decode-path.ts'
import { formatNumber } from '../../lib/format.ts'
import { useCanChange } from '../../lib/permissions.ts'
import { useLive } from '../../live/live-store.tsx'
import { AsyncButton } from '../../ui/async-button.tsx'
import { Banner } from '../../ui/banner.tsx'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Page } from '../../ui/page.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { useBanActions } from '../../bans/ban-actions.ts'
import { isHolder } from '../../bans/cover-words.ts'
import { NeverBanMenu } from '../../bans/never-ban-menu.tsx'
import { openBanDialog } from '../../bans/open-ban-dialog.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { AddressBans } from './address-bans.tsx'
import { AddressFacts } from './address-facts.tsx'
import { AddressFailures, AddressLines } from './address-failures.tsx'
import { AddressHistory } from './address-history.tsx'
import { AddressNeighbours } from './address-neighbours.tsx'
import styles from './address-page.module.css'
import { AddressTimeline } from './address-timeline.tsx'
import { verdictOf } from './address-verdict.ts'
import { addressQueries } from './queries.ts'

/** Everything about one address or network, or another name that fail2ban banned. */
export function AddressPage(): JSX.Element {
  const params = useParams<{ address: string }>()
  const name = () => {
    const text = decodePath(params.address)
    return parseAddress(text)?.text ?? text
  }
  return (
    <QueryProvider>
      <Show when={name()} keyed>
        {(address) => <AddressView address={address} />}
      </Show>
    </QueryProvider>
  )
}

function AddressView(props: { address: string }): JSX.Element {
  const api = useStatsApi()
  const actions = useBanActions()
  const canBan = useCanChange('bans.write')
  const canAllow = useCanChange('ignores.write')
  const detail = useQuery(() => addressQueries.detail(api, props.address))
  const active = () => (detail.isSuccess ? detail.data.active : [])
  const own = () => active().filter((ban) => !isHolder(ban, props.address))
  const holders = () => active().filter((ban) => isHolder(ban, props.address))
  const banJails = () => (detail.isSuccess ? jailsOf(detail.data) : [])
  const isUnknown = () => detail.isError && describeError(detail.error).reason === 'addresses_invalid'
  useRefreshOnEvents(() => props.address)
  return (
    <Show when={!isUnknown()} fallback={<NoAddress text={props.address} />}>
      <Page
        title={props.address}
        back={{ href: '/bans', label: 'Bans' }}
        actions={
          <>
            <Show when={canAllow() && parseAddress(props.address)}>
              <NeverBanMenu address={props.address} jails={banJails()} />
            </Show>
            <Show when={canBan()}>
              <Show when={holders().length > 0}>
                <AsyncButton icon={<LockOpen />} onPress={() => actions.unban(holders())}>
                  {holders().length === 1 ? 'Unban the network' : 'Unban the networks'}
                </AsyncButton>
              </Show>
              <Show when={own().length > 0}>
                <AsyncButton icon={<LockOpen />} onPress={() => actions.unban(own())}>
                  {own().length === 1 ? 'Unban' : `Unban all ${formatNumber(own().length)}`}
                </AsyncButton>
              </Show>
              <Show when={parseAddress(props.address)}>
                <Button
                  icon={<Ban />}
                  variant={active().length > 0 ? 'secondary' : 'primary'}
                  onClick={() => openBanDialog({ addresses: [props.address], likely: banJails() })}
                >
                  Ban
                </Button>
              </Show>
            </Show>
          </>
        }
      >
        <Loaded query={detail} what="Details of this address" fallback={<Shape />}>
          {(data) => <Content detail={data()} />}
        </Loaded>
      </Page>
    </Show>
  )
}

function Content(props: { detail: AddressDetail }): JSX.Element {
  const live = useLive()
  const verdict = () => verdictOf(props.detail, live.runtime?.serverStatus.online === false)
  return (
    <>
      <Banner tone={verdict().tone} title={verdict().title}>
        {verdict().text}
      </Banner>
      <Show when={props.detail.active.length > 0}>
        <AddressBans address={props.detail.address} bans={props.detail.active} />
      </Show>
      <div class={styles['columns']}>
        <AddressFacts detail={props.detail} />
        <AddressTimeline detail={props.detail} />
      </div>
      <AddressLines detail={props.detail} />
      <AddressHistory address={props.detail.address} bans={props.detail.bans} />
      <div class={styles['columns']}>
        <AddressFailures failures={props.detail.failures} />
        <AddressNeighbours detail={props.detail} />
      </div>
    </>
  )
}

function NoAddress(props: { text: string }): JSX.Element {
  return (
    <Page title="Not an address" back={{ href: '/bans', label: 'Bans' }}>
      <EmptyState
        title={`"${props.text}" is not a valid address`}
        action={<ButtonLink href="/bans">All bans</ButtonLink>}
      >
        An address looks like 203.0.113.7 or 2001:db8::7, a network like 203.0.113.0/24.
      </EmptyState>
    </Page>
  )
}

function Shape(): JSX.Element {
  return (
    <div class={styles['shape']}>
      <Skeleton height="64px" />
      <Skeleton height="180px" />
      <Skeleton height="240px" />
    </div>
  )
}

/** Returns the jails that ban it now, then those that did, newest first. */
const jailsOf = ({ active, bans }: AddressDetail): readonly string[] => [
  ...new Set([...active.toSorted((one, other) => other.since - one.since), ...bans].map(({ jail }) => jail)),
]

/** Refetches the page, at most once a second, on events of the address, of addresses in it, or of networks that contain it. */
function useRefreshOnEvents(address: () => string): void {
  const live = useLive()
  const client = useQueryClient()
  const network = createMemo(() => networkOf(address()))
  const concerns = (text: string) => {
    const around = network()
    if (text === address() || isHolder({ address: text }, address())) return true
    const other = parseAddress(text)
    return around !== undefined && other !== undefined && contains(around, other)
  }
  const newest = createMemo(
    () => live.feed.find(({ event }) => 'address' in event && event.address && concerns(event.address))?.id,
  )
  let timer: ReturnType<typeof setTimeout> | undefined
  const refresh = () => {
    timer = undefined
    void client.invalidateQueries({ queryKey: addressQueries.all })
  }
  createEffect((before: number | undefined) => {
    const now = newest()
    // a refetch that is scheduled is not delayed by further events
    if (now !== before) timer ??= setTimeout(refresh, 1000)
    return now
  }, untrack(newest))
  onCleanup(() => clearTimeout(timer))
}

/** Returns the network that a text names; undefined for a single address. */
function networkOf(text: string): Address | undefined {
  const parsed = parseAddress(text)
  return parsed && parsed.prefix < (parsed.family === 4 ? 32 : 128) ? parsed : undefined
}

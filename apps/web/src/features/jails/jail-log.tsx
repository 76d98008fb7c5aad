import type { Event } from '@bangui/shared'
import { useQueryClient } from '@tanstack/solid-query'
import { createEffect, createMemo, type JSX, onCleanup, Show, untrack } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError } from '../../api/errors.ts'
import { useQuery } from '../../api/use-query.ts'
import { useLive } from '../../live/live-store.tsx'
import { Card } from '../../ui/card.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { AddressLink } from '../addresses/address-link.tsx'
import { jailQueries } from './queries.ts'

type Row = { at: number; what: string; address: string | undefined }

const words: Partial<Record<Event['type'], string>> = {
  'ban.added': 'Banned',
  'ban.removed': 'Unbanned',
  'ban.extended': 'Banned for longer',
  'failure.found': 'Failure found',
  'failure.ignored': 'Failure ignored',
  'action.failed': 'An action failed',
  'jail.changed': 'Started, stopped or loaded again',
}

const columns: readonly Column<Row>[] = [
  { key: 'at', header: 'When', width: '24%', cell: (row) => <RelativeTime time={row.at} /> },
  { key: 'what', header: 'What', width: '30%', cell: (row) => row.what },
  {
    key: 'address',
    header: 'Address',
    cell: (row) => (row.address === undefined ? '–' : <AddressLink address={row.address} menu={false} />),
  },
]

const rowOf = (event: Event): Row[] => {
  const what = words[event.type]
  if (what === undefined) return []
  return [{ at: event.at, what, address: 'address' in event ? (event.address ?? undefined) : undefined }]
}

/** What a jail did, the newest first, and what it does. */
export function JailLog(props: { name: string }): JSX.Element {
  const api = useApi()
  const live = useLive()
  const client = useQueryClient()
  const stored = useQuery(() => jailQueries.events(api, props.name))
  const rows = createMemo(() =>
    stored.isSuccess ? stored.data.flatMap(({ event }) => rowOf(event)) : undefined,
  )
  const newest = () => live.feed.find(({ event }) => 'jail' in event && event.jail === props.name)?.id
  // at most once a second, however much happens
  createEffect((before: number | undefined) => {
    const now = newest()
    if (now === before) return now
    const timer = setTimeout(
      () => void client.invalidateQueries({ queryKey: jailQueries.events(api, props.name).queryKey }),
      1000,
    )
    onCleanup(() => clearTimeout(timer))
    return now
  }, untrack(newest))
  return (
    <Card title="What happens" description="The newest 100, live; Activity has all of it." flush>
      <Show
        when={!stored.isError}
        fallback={
          <ErrorState
            title="What happened could not be loaded."
            why={describeError(stored.error).message}
            retrying={stored.isFetching}
            onRetry={() => void stored.refetch()}
          />
        }
      >
        <DataTable
          caption={`What ${props.name} does`}
          columns={columns}
          rows={rows()}
          empty="Nothing yet. Failures and bans of this jail appear here at the moment they happen."
        />
      </Show>
    </Card>
  )
}

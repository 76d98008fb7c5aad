import { isRead, type Operation, type OperationState } from '@bangui/shared'
import { useSearchParams } from '@solidjs/router'
import { useQueryClient } from '@tanstack/solid-query'
import ClipboardList from 'lucide-solid/icons/clipboard-list'
import { createEffect, createMemo, For, type JSX, on } from 'solid-js'
import { QueryProvider } from '../../api/query-provider.tsx'
import { useStatsApi } from '../../api/stats-api.ts'
import { useInfiniteQuery } from '../../api/use-query.ts'
import { useLive } from '../../live/live-store.tsx'
import { MoreBar } from '../../ui/more-bar.tsx'
import { Card } from '../../ui/card.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Page } from '../../ui/page.tsx'
import { Select } from '../../ui/select.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { OperationRow } from './operation-row.tsx'
import { capitalized, operationStates } from '../../lib/operation-words.ts'
import styles from './operations-page.module.css'
import { operationQueries } from './queries.ts'

/** What users and BanGUI did to fail2ban. */
export function OperationsPage(): JSX.Element {
  return (
    <QueryProvider>
      <Operations />
    </QueryProvider>
  )
}

function Operations(): JSX.Element {
  const api = useStatsApi()
  const live = useLive()
  const client = useQueryClient()
  const [params, setParams] = useSearchParams<{ state?: string }>()
  const state = () => states.find((known) => known === params.state)
  const query = useInfiniteQuery(() => operationQueries.list(api, state()))
  const refresh = () => void client.invalidateQueries({ queryKey: operationQueries.all })
  // what begins or ends while the page is open
  const changes = createMemo(() =>
    Object.values(live.operations)
      .map(({ id, state: now }) => `${id} ${now}`)
      .join(),
  )
  createEffect(on(changes, refresh, { defer: true }))
  const newest = (row: Operation) => live.operations[row.id] ?? row
  return (
    <Page
      title="Operations"
      description="Everything that users did to fail2ban with BanGUI, and everything that BanGUI did by itself."
    >
      <Card
        title="Newest first"
        flush
        actions={
          <Select
            label="State"
            hideLabel
            value={state() ?? ''}
            options={stateOptions}
            onChange={(next) => setParams({ state: next || undefined }, { scroll: false })}
          />
        }
      >
        <Loaded query={query} what="The operations" fallback={<Skeleton lines={6} height="18px" />}>
          {(data) => (
            <ul class={styles['rows']} aria-label="Operations, newest first">
              <For
                each={data().pages.flatMap(({ rows }) => rows.filter(({ kind }) => !isRead(kind)))}
                fallback={
                  <li class={styles['empty']}>
                    <EmptyState icon={<ClipboardList />} title="No operations found">
                      Bans, unbans and changes that somebody makes with BanGUI appear here.
                    </EmptyState>
                  </li>
                }
              >
                {(row) => <OperationRow operation={newest(row)} onDone={refresh} />}
              </For>
            </ul>
          )}
        </Loaded>
        <MoreBar query={query} />
      </Card>
    </Page>
  )
}

const states = Object.keys(operationStates) as OperationState[]

const stateOptions = [
  { value: '', label: 'All states' },
  ...states.map((state) => ({ value: state, label: capitalized(operationStates[state][0]) })),
]

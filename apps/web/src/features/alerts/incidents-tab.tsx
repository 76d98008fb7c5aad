import type { Incident, IncidentState } from '@bangui/shared'
import { useSearchParams } from '@solidjs/router'
import { useQueryClient } from '@tanstack/solid-query'
import BellOff from 'lucide-solid/icons/bell-off'
import { createEffect, For, type JSX, on, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useInfiniteQuery } from '../../api/use-query.ts'
import { Card } from '../../ui/card.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { MoreBar } from '../../ui/more-bar.tsx'
import { SegmentedControl } from '../../ui/segmented-control.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import styles from './alerts.module.css'
import { IncidentRow } from './incident-row.tsx'
import { alertQueries } from './queries.ts'

type Shown = 'open' | 'resolved' | 'all'

const segments = [
  { value: 'open' as const, label: 'Open' },
  { value: 'resolved' as const, label: 'Resolved' },
  { value: 'all' as const, label: 'All' },
]
const states: Readonly<Record<Shown, IncidentState | undefined>> = {
  open: 'open',
  resolved: 'resolved',
  all: undefined,
}

/** The incidents, open or resolved. */
export function IncidentsTab(props: { revision: number }): JSX.Element {
  const api = useApi()
  const client = useQueryClient()
  const [params, setParams] = useSearchParams<{ state?: string }>()
  const shown = (): Shown => segments.find(({ value }) => value === params.state)?.value ?? 'open'
  const query = useInfiniteQuery(() => alertQueries.incidents(api, states[shown()]))
  createEffect(
    on(
      () => props.revision,
      () => void client.invalidateQueries({ queryKey: ['alerts', 'incidents'] }),
      { defer: true },
    ),
  )
  return (
    <Card
      title="Incidents"
      description="An incident is one problem, from its beginning to its end."
      flush
      actions={
        <SegmentedControl<Shown>
          label="Which incidents"
          value={shown()}
          segments={segments}
          onChange={(value) => setParams({ state: value === 'open' ? undefined : value }, { scroll: false })}
        />
      }
    >
      <Loaded query={query} what="The incidents" fallback={<Skeleton lines={6} height="18px" />}>
        {(data) => <Rows incidents={data().pages.flatMap(({ rows }) => rows)} shown={shown()} />}
      </Loaded>
      <MoreBar query={query} />
    </Card>
  )
}

function Rows(props: { incidents: readonly Incident[]; shown: Shown }): JSX.Element {
  return (
    <ul class={styles['rows']} aria-label="Incidents, newest first">
      {/* by id: a row keeps its menu when its incident changes */}
      <For
        each={props.incidents.map(({ id }) => id)}
        fallback={
          <li class={styles['empty']}>
            <EmptyState
              icon={<BellOff />}
              title={props.shown === 'open' ? 'No open incidents' : 'No incidents'}
            >
              When a rule that is on finds a problem, an incident appears here and the rule’s channels get a
              message.
            </EmptyState>
          </li>
        }
      >
        {(id) => (
          <Show when={props.incidents.find((incident) => incident.id === id)}>
            {(incident) => <IncidentRow incident={incident()} />}
          </Show>
        )}
      </For>
    </ul>
  )
}

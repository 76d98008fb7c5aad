import type { Jail } from '@bangui/shared'
import { useSearchParams } from '@solidjs/router'
import { createMemo, createSignal, type JSX, Show } from 'solid-js'
import { QueryProvider } from '../../api/query-provider.tsx'
import { createHeld } from '../../lib/held.ts'
import { plural } from '../../lib/format.ts'
import { useCanChange } from '../../lib/permissions.ts'
import { useLive } from '../../live/live-store.tsx'
import { Card } from '../../ui/card.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { Page } from '../../ui/page.tsx'
import type { Sort } from '../../ui/sort-rows.ts'
import { jailColumns } from './jail-columns.tsx'
import { filterJails, readFilter, readSort, selectJails, writeSort } from './jail-view.ts'
import { JailMenu } from './jail-menu.tsx'
import { JailsEmpty } from './jails-empty.tsx'
import styles from './jails-page.module.css'
import { JailsToolbar } from './jails-toolbar.tsx'
import { SwitchButtons } from './switch-buttons.tsx'
import { SwitchDialog, type SwitchTarget } from './switch-dialog.tsx'
import { PauseButton } from './pause-button.tsx'
import { ObservationNote } from './observation-note.tsx'

const counterKeys = new Set(['banned', 'totalBanned', 'failed', 'totalFailed', 'bantime'])

/** All jails of the configuration. */
export function JailsPage(): JSX.Element {
  return (
    <QueryProvider>
      <Jails />
    </QueryProvider>
  )
}

function Jails(): JSX.Element {
  const canControl = useCanChange('jails.control')
  const canConfigure = useCanChange('config.write')
  const [params, setParams] = useSearchParams<{ search?: string; filter?: string; sort?: string }>()
  const [target, setTarget] = createSignal<SwitchTarget>()
  const view = createJailsView(params)
  const columns = jailColumns({
    online: view.online,
    sortValue: (jail, counter) => view.heldCounts().get(jail.name)?.[counter] ?? jail[counter],
  })
  const sortBy = (next: Sort) => {
    // the highest counts first
    const first = next.key !== view.sort().key && counterKeys.has(next.key)
    setParams({ sort: writeSort(first ? { ...next, descending: true } : next) }, { scroll: false })
  }
  // "back" undoes a choice, but not typing
  const choose = (next: { search?: string; filter: string }) =>
    setParams({ ...next, ...(next.filter === 'all' && { filter: undefined }) }, { scroll: false })

  return (
    <Page
      title="Jails"
      description="A jail watches one log for one kind of attack and bans addresses that do it too often."
      actions={<PauseButton />}
    >
      <ObservationNote />
      <Card flush>
        <Show when={view.counts()?.all !== 0}>
          <JailsToolbar
            search={params.search ?? ''}
            filter={readFilter(params.filter)}
            counts={view.counts()}
            onSearch={(search) =>
              setParams({ search: search || undefined }, { replace: true, scroll: false })
            }
            onFilter={(filter) => choose({ filter })}
          />
        </Show>
        <div {...view.handlers}>
          <DataTable
            caption={`Jails: ${plural(view.rows()?.length ?? 0, 'row')}`}
            columns={columns}
            rows={view.rows()}
            sort={view.sort()}
            onSort={sortBy}
            expected={8}
            rowActions={
              canControl()
                ? (jail) => (
                    <span class={styles['actions']}>
                      <Show when={canConfigure()}>
                        <SwitchButtons jail={jail} size="sm" only="first" onSwitch={setTarget} />
                      </Show>
                      <JailMenu jail={jail} />
                    </span>
                  )
                : undefined
            }
            empty={
              <JailsEmpty
                filter={readFilter(params.filter)}
                search={params.search ?? ''}
                onReset={() => choose({ search: undefined, filter: 'all' })}
              />
            }
          />
        </div>
      </Card>
      <Show when={target()} keyed>
        {(chosen) => <SwitchDialog target={chosen} onClose={() => setTarget(undefined)} />}
      </Show>
    </Page>
  )
}

function createJailsView(params: { search?: string; filter?: string; sort?: string }) {
  const live = useLive()
  const online = () => live.runtime?.serverStatus.online ?? false
  const filter = () => readFilter(params.filter)
  const sort = createMemo(() => readSort(params.sort), undefined, {
    equals: (before, after) => writeSort(before) === writeSort(after),
  })
  const rows = createMemo(
    () =>
      live.jails &&
      selectJails(live.jails, { filter: filter(), search: params.search ?? '', online: online() }),
  )
  const counts = () => {
    const jails = live.jails
    if (!jails) return undefined
    const count = (which: Parameters<typeof filterJails>[1]) => filterJails(jails, which, online()).length
    return { all: jails.length, running: count('running'), off: count('off'), attention: count('attention') }
  }
  const held = createHeld(() => countsOf(live.jails ?? []))
  return { online, sort, rows, counts, heldCounts: held.value, handlers: held.handlers }
}

/** The counts at this moment; read only when the order may change. */
function countsOf(jails: readonly Jail[]) {
  return new Map(
    jails.map(({ name, currentlyBanned, totalBanned, currentlyFailed, totalFailed }) => [
      name,
      { currentlyBanned, totalBanned, currentlyFailed, totalFailed },
    ]),
  )
}

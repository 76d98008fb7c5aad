import type { ConfigHistoryRow } from '@bangui/shared'
import { useSearchParams } from '@solidjs/router'
import { createSignal, For, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useQuery } from '../../api/use-query.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { HistoryRow } from './history-row.tsx'
import styles from './history-view.module.css'
import { configQueries } from './queries.ts'
import { RevertDialog } from './revert-dialog.tsx'

/** The changes of the configuration, the newest first; each can be opened and reverted. */
export function HistoryView(props: { configDir: string | undefined }): JSX.Element {
  const api = useApi()
  const [cursor, setCursor] = createSignal<string>()
  const [params, setParams] = useSearchParams<{ change: string }>()
  const history = useQuery(() => configQueries.history(api, cursor()))
  const [reverting, setReverting] = createSignal<ConfigHistoryRow>()
  const page = (next: string | undefined) => {
    setParams({ change: undefined })
    setCursor(next)
  }
  return (
    <Card
      title="History"
      description="Changes that users made with BanGUI, and changes that somebody made without BanGUI, which checks the files every minute."
      flush
    >
      <Loaded query={history} what="The history" fallback={<Skeleton lines={6} height="18px" />}>
        {(found) => (
          <>
            <ul class={styles['rows']} aria-label="Changes, newest first">
              <For
                each={found().rows}
                fallback={
                  <li class={styles['empty']}>
                    <EmptyState title="No changes yet">
                      Each change of the configuration will be listed here, with its difference and a button
                      to revert it.
                    </EmptyState>
                  </li>
                }
              >
                {(row) => (
                  <HistoryRow
                    row={row}
                    configDir={props.configDir}
                    open={params.change === row.id}
                    onToggle={() => setParams({ change: params.change === row.id ? undefined : row.id })}
                    onRevert={() => setReverting(row)}
                  />
                )}
              </For>
            </ul>
            <Show when={found().nextCursor ?? cursor()}>
              <div class={styles['pages']}>
                <Show when={cursor()}>
                  <Button size="sm" onClick={() => page(undefined)}>
                    Newest
                  </Button>
                </Show>
                <Show when={found().nextCursor}>
                  {(next) => (
                    <Button size="sm" onClick={() => page(next())}>
                      Older
                    </Button>
                  )}
                </Show>
              </div>
            </Show>
          </>
        )}
      </Loaded>
      <Show when={reverting()} keyed>
        {(row) => <RevertDialog row={row} onClose={() => setReverting(undefined)} />}
      </Show>
    </Card>
  )
}

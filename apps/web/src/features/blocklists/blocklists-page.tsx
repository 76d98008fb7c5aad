import type { Blocklist } from '@bangui/shared'
import ListX from 'lucide-solid/icons/list-x'
import Plus from 'lucide-solid/icons/plus'
import { createSignal, For, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { QueryProvider } from '../../api/query-provider.tsx'
import { useQuery } from '../../api/use-query.ts'
import { useCanChange } from '../../lib/permissions.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Page } from '../../ui/page.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import styles from './blocklists.module.css'
import { ListCard } from './list-card.tsx'
import { ListDialog } from './list-dialog.tsx'
import { blocklistQueries } from './queries.ts'

/** Lists of addresses that are banned before they attack: where they come from, how they are, and what they did. */
export function BlocklistsPage(): JSX.Element {
  return (
    <QueryProvider>
      <Blocklists />
    </QueryProvider>
  )
}

function Blocklists(): JSX.Element {
  const api = useApi()
  const canWrite = useCanChange('blocklists.write')
  const query = useQuery(() => blocklistQueries.list(api))
  /** null: a new one */
  const [edited, setEdited] = createSignal<Blocklist | null>()
  const add = () => (
    <Button variant="primary" icon={<Plus />} onClick={() => setEdited(null)}>
      Add blocklist
    </Button>
  )
  return (
    <Page
      title="Blocklists"
      description="Known attackers from public lists, banned before they reach this server."
      actions={<Show when={canWrite() && query.data?.length}>{add()}</Show>}
    >
      <Loaded query={query} what="The blocklists" fallback={<Skeleton lines={6} height="24px" />}>
        {(lists) => (
          <Show when={lists().length > 0} fallback={<NoLists action={canWrite() ? add() : undefined} />}>
            <ul class={styles['lists']} aria-label="Blocklists">
              <For each={lists().map(({ id }) => id)}>
                {(id) => (
                  <Show when={lists().find((list) => list.id === id)}>
                    {(list) => <ListCard list={list()} onEdit={() => setEdited(list())} />}
                  </Show>
                )}
              </For>
            </ul>
          </Show>
        )}
      </Loaded>
      <Show when={edited() !== undefined}>
        <ListDialog list={edited() ?? undefined} onClose={() => setEdited(undefined)} />
      </Show>
    </Page>
  )
}

function NoLists(props: { action: JSX.Element }): JSX.Element {
  return (
    <Card>
      <EmptyState icon={<ListX />} title="No blocklists yet" action={props.action}>
        A blocklist names addresses that attack others. BanGUI fetches it, skips what is on your allow list,
        and bans the rest in a jail that you choose. You see what would happen before anything is banned.
        <Show when={!props.action}> An administrator can add one.</Show>
      </EmptyState>
    </Card>
  )
}

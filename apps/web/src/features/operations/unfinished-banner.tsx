import { type Operation, showHidden } from '@bangui/shared'
import { createEffect, createMemo, createSignal, For, type JSX, onMount, Show } from 'solid-js'
import { useStatsApi } from '../../api/stats-api.ts'
import { useSession } from '../../auth/session.tsx'
import { useCanChange } from '../../lib/permissions.ts'
import { useLive } from '../../live/live-store.tsx'
import { onStreamBegin } from '../../live/stream-begin.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { readDismissed, rememberDismissed } from './dismissed-operations.ts'
import { OperationActions } from './operation-actions.tsx'
import { describeProgress } from '../../lib/operation-words.ts'

/** How many banners there are at most. */
const MAX_SHOWN = 3

/** Says which bans of many addresses were broken off, with buttons that continue or undo them. */
export function UnfinishedBanner(): JSX.Element {
  const live = useLive()
  const api = useStatsApi()
  const session = useSession()
  const canBan = useCanChange('bans.write')
  const [interrupted, setInterrupted] = createSignal<readonly Operation[]>([])
  const [dismissed, setDismissed] = createSignal(readDismissed())

  const read = async () => {
    try {
      setInterrupted((await api.operations.list.query({ state: 'interrupted', limit: 20 })).rows)
    } catch {
      // the page of operations says why they cannot be read
    }
  }
  onMount(() => void read())
  onStreamBegin(() => void read())
  // a BanGUI that has started again knows nothing of what ran: that was interrupted
  createEffect((before: readonly string[]) => {
    const known = Object.values(live.operations)
    if (before.some((id) => known.every((operation) => operation.id !== id))) void read()
    return known.filter(({ state }) => state === 'running').map(({ id }) => id)
  }, [])

  /** What the stream has is newer. A cancelled one is shown to its user alone. */
  const unfinished = createMemo(() => {
    const isMine = ({ actor }: Operation) => actor.kind === 'user' && actor.name === session.user()?.name
    const latest = Object.values(live.operations).filter(
      (operation) =>
        operation.state === 'interrupted' || (operation.state === 'cancelled' && isMine(operation)),
    )
    const others = interrupted().filter(({ id }) => live.operations[id] === undefined)
    return [...latest, ...others]
      .filter(({ id, resumable }) => resumable && !dismissed().includes(id))
      .slice(0, MAX_SHOWN)
  })
  const dismiss = (id: string) => setDismissed(rememberDismissed(id))

  return (
    <Show when={canBan()}>
      <For each={unfinished().map(({ id }) => id)}>
        {(id) => (
          <Show when={unfinished().find((operation) => operation.id === id)}>
            {(operation) => (
              <Banner
                bar
                tone={operation().state === 'interrupted' ? 'warning' : 'neutral'}
                title={`${showHidden(operation().title)}: ${operation().state} after ${describeProgress(operation())}.`}
                actions={
                  <>
                    <OperationActions operation={operation()} onDone={() => void read()} />
                    <Button
                      size="sm"
                      aria-label={`Dismiss: ${showHidden(operation().title)}`}
                      onClick={() => dismiss(id)}
                    >
                      Dismiss
                    </Button>
                  </>
                }
              >
                <Show when={operation().state === 'interrupted' && operation().endedAt}>
                  {(time) => (
                    <>
                      BanGUI ended while the operation was running, <RelativeTime time={time()} />.
                    </>
                  )}
                </Show>
              </Banner>
            )}
          </Show>
        )}
      </For>
    </Show>
  )
}

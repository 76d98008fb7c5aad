import { type ConfigHistoryRow, showHidden } from '@bangui/shared'
import { useQueryClient } from '@tanstack/solid-query'
import { createSignal, For, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError } from '../../api/errors.ts'
import { useQuery } from '../../api/use-query.ts'
import { plural } from '../../lib/format.ts'
import { createOperationId } from '../../lib/operation-id.ts'
import { useCanChange } from '../../lib/permissions.ts'
import { AsyncButton } from '../../ui/async-button.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { toast } from '../../ui/toast.tsx'
import type { Tone } from '../../ui/tone.ts'
import { insideOf } from './place-link.tsx'
import { configQueries } from './queries.ts'
import styles from './history-view.module.css'

const states: Record<ConfigHistoryRow['state'], readonly [label: string, tone: Tone]> = {
  prepared: ['prepared', 'neutral'],
  applying: ['in progress', 'info'],
  provisional: ['waiting to be confirmed', 'warning'],
  applied: ['applied', 'ok'],
  failed: ['failed', 'danger'],
  reverted: ['reverted', 'neutral'],
  abandoned: ['not applied', 'neutral'],
}

/** The changes that were made with BanGUI, the newest first; each can be reverted. */
export function HistoryView(props: { configDir: string | undefined }): JSX.Element {
  const api = useApi()
  const [cursor, setCursor] = createSignal<string>()
  const history = useQuery(() => configQueries.history(api, cursor()))
  const [reverting, setReverting] = createSignal<ConfigHistoryRow>()
  return (
    <Card title="Made with BanGUI" description="Changes made outside BanGUI are not listed." flush>
      <Loaded query={history} what="The history" fallback={<Skeleton lines={6} height="18px" />}>
        {(page) => (
          <>
            <ul class={styles['rows']}>
              <For
                each={page().rows}
                fallback={
                  <li class={styles['empty']}>
                    <EmptyState title="No changes made with BanGUI yet" />
                  </li>
                }
              >
                {(row) => <Row row={row} configDir={props.configDir} onRevert={() => setReverting(row)} />}
              </For>
            </ul>
            <Show when={page().nextCursor ?? cursor()}>
              <div class={styles['pages']}>
                <Show when={cursor()}>
                  <Button size="sm" onClick={() => setCursor(undefined)}>
                    Newest
                  </Button>
                </Show>
                <Show when={page().nextCursor}>
                  {(next) => (
                    <Button size="sm" onClick={() => setCursor(next())}>
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

function Row(props: {
  row: ConfigHistoryRow
  configDir: string | undefined
  onRevert: () => void
}): JSX.Element {
  const canChange = useCanChange('config.write')
  const files = () =>
    props.row.files.map((file) => showHidden(insideOf(props.configDir, file) ?? file)).join(', ')
  return (
    <li class={styles['row']}>
      <div class={styles['what']}>
        <h3 class={styles['title']}>{showHidden(props.row.title)}</h3>
        <Show when={props.row.note}>{(note) => <p class={styles['note']}>{showHidden(note())}</p>}</Show>
        <p class={styles['facts']}>
          {actorOf(props.row)}, <RelativeTime time={props.row.at} />
          <Show when={props.row.files.length > 0}>
            {'. '}
            {props.row.files.length > 3 ? plural(props.row.files.length, 'file') : files()}
          </Show>
        </p>
      </div>
      <Badge tone={states[props.row.state][1]}>{states[props.row.state][0]}</Badge>
      <Show when={canChange() && props.row.state === 'applied'}>
        <Button
          size="sm"
          aria-label={`Revert: ${showHidden(props.row.title)}`}
          onClick={() => props.onRevert()}
        >
          Revert
        </Button>
      </Show>
    </li>
  )
}

function actorOf({ actor }: ConfigHistoryRow): string {
  if (actor === null) return 'By an unknown person'
  return actor.name === null ? 'By BanGUI' : `By ${showHidden(actor.name)}`
}

function RevertDialog(props: { row: ConfigHistoryRow; onClose: () => void }): JSX.Element {
  const api = useApi()
  const client = useQueryClient()
  const revert = async () => {
    try {
      const input = { id: props.row.id, operationId: createOperationId() }
      const { applied, output } = await api.config.revert.mutate(input)
      await client.invalidateQueries({ queryKey: ['config'] })
      if (applied) toast({ tone: 'ok', title: 'The change was reverted' })
      else toast({ tone: 'danger', title: 'The change was not reverted', text: output ?? undefined })
    } catch (error) {
      toast({ tone: 'danger', title: 'The change was not reverted', text: describeError(error).message })
    }
    props.onClose()
  }
  return (
    <Dialog
      open
      role="alertdialog"
      title={`Revert: ${props.row.title}`}
      description="BanGUI undoes this change in the files, tests the result on a copy first, and reloads the affected jails. If the same options have been changed since, nothing is done."
      onOpenChange={() => props.onClose()}
      footer={
        <>
          <Button onClick={() => props.onClose()}>Cancel</Button>
          <AsyncButton variant="primary" onPress={revert}>
            Revert the change
          </AsyncButton>
        </>
      }
    />
  )
}

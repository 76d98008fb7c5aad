import { type IgnoreStatus, type ListedIgnore, showHidden } from '@bangui/shared'
import { useQueryClient } from '@tanstack/solid-query'
import { createSignal, For, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { createSubmit } from '../../api/create-submit.ts'
import { allowSpans } from '../../bans/allow-spans.ts'
import { useCanChange } from '../../lib/permissions.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Fact, Facts } from '../../ui/facts.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { Select } from '../../ui/select.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { toast } from '../../ui/toast.tsx'
import styles from './allow-list.module.css'
import { entryProblems, holdWords, scopeText } from './hold-words.ts'

const KEEP = 'keep'

/** What can be changed about an entry, and sending it. */
function createEntryForm(entry: ListedIgnore, onDone: () => void) {
  const api = useApi()
  const client = useQueryClient()
  const [note, setNote] = createSignal(entry.note ?? '')
  const [span, setSpan] = createSignal(KEEP)
  const isChanged = () => note().trim() !== (entry.note ?? '') || span() !== KEEP
  const submit = createSubmit({
    send: async () => {
      if (!isChanged() || entry.id === null) return
      const spanMs = allowSpans.find(({ value }) => value === span())?.spanMs
      const end = spanMs === undefined ? null : Date.now() + spanMs
      try {
        await api.ignores.update.mutate({
          id: entry.id,
          note: note().trim(),
          ...(span() !== KEEP && { expiresAt: end }),
        })
        toast({ tone: 'ok', title: `The entry ${showHidden(entry.address)} was changed` })
        onDone()
      } finally {
        void client.invalidateQueries({ queryKey: ['ignores'] })
      }
    },
  })
  return {
    note,
    setNote: (text: string) => setNote(text.slice(0, 200)),
    span,
    setSpan,
    isChanged,
    submit,
  }
}

/** Shows where an entry holds and stands, and changes its note and its end. */
export function EntryDialog(props: {
  entry: ListedIgnore
  status: Pick<IgnoreStatus, 'offline'>
  onClose: () => void
}): JSX.Element {
  const canChange = useCanChange('ignores.write')
  // oxlint-disable-next-line solid/reactivity -- the form begins with the entry as it was when the dialog was opened
  const form = createEntryForm(props.entry, () => props.onClose())
  const ends = () => [
    { value: KEEP, label: props.entry.expiresAt === null ? 'Never (as now)' : 'As now' },
    ...allowSpans
      .filter(({ spanMs }) => spanMs !== undefined || props.entry.expiresAt !== null)
      .map(({ value, label, spanMs }) => ({
        value,
        label: spanMs === undefined ? 'Never' : `${label} from now`,
      })),
  ]
  return (
    <Dialog
      open
      locked={form.submit.busy()}
      onOpenChange={() => props.onClose()}
      title={props.entry.address}
      description={`Never banned in ${props.entry.jail === null ? scopeText(props.entry).toLowerCase() : scopeText(props.entry)}.`}
      footer={
        <>
          <Button onClick={() => props.onClose()}>Close</Button>
          <Show when={canChange()}>
            <Button
              variant="primary"
              loading={form.submit.busy()}
              unavailable={!form.isChanged() && 'Nothing is changed yet'}
              onClick={() => void form.submit.submit()}
            >
              Save
            </Button>
          </Show>
        </>
      }
    >
      <For each={entryProblems(props.entry)}>{(problem) => <Banner tone="warning" title={problem} />}</For>
      <EntryFacts entry={props.entry} status={props.status} />
      <Show when={canChange()}>
        <form
          class={styles['form']}
          onSubmit={(event) => {
            event.preventDefault()
            void form.submit.submit()
          }}
        >
          <TextField label="Note" value={form.note()} onChange={form.setNote} />
          <Select label="Ends" value={form.span()} options={ends()} onChange={form.setSpan} />
          <button type="submit" hidden />
        </form>
      </Show>
      <Show when={form.submit.refusal()}>
        {(problem) => (
          <Banner tone="danger" role="alert" title="The entry was not changed.">
            {problem().message}
          </Banner>
        )}
      </Show>
    </Dialog>
  )
}

function EntryFacts(props: { entry: ListedIgnore; status: Pick<IgnoreStatus, 'offline'> }): JSX.Element {
  const since = (jail: string) => props.entry.holdsSince.find((each) => each.jail === jail)?.since
  return (
    <Facts>
      <Fact term="Holds now">
        <Show when={props.entry.holdsIn.length > 0} fallback={holdWords(props.entry, props.status).text}>
          <ul class={styles['jails']}>
            <For each={props.entry.holdsIn}>
              {(jail) => (
                <li>
                  {showHidden(jail)}
                  <Show when={since(jail)}>
                    {(at) => (
                      <span class={styles['none']}>
                        {' '}
                        since <RelativeTime time={at()} />
                      </span>
                    )}
                  </Show>
                </li>
              )}
            </For>
          </ul>
        </Show>
      </Fact>
      <Fact term="In the configuration">
        <Show when={props.entry.places.length > 0} fallback={props.entry.lasts === null ? 'Not known' : 'No'}>
          <ul class={styles['jails']}>
            <For each={props.entry.places}>
              {(place) => (
                <li>
                  [{showHidden(place.section)}]{' '}
                  <code class={styles['file']}>{showHidden(place.file ?? '')}</code>
                  <Show when={place.line}>{(line) => <>, line {line()}</>}</Show>
                </li>
              )}
            </For>
          </ul>
        </Show>
      </Fact>
      <Fact term="Added">
        <Show when={props.entry.addedAt}>{(at) => <RelativeTime time={at()} />}</Show> by{' '}
        {showHidden(props.entry.by ?? '')}
      </Fact>
      <Fact term="Ends">
        <Show when={props.entry.expiresAt} fallback="Never">
          {(at) => <RelativeTime time={at()} />}
        </Show>
      </Fact>
    </Facts>
  )
}

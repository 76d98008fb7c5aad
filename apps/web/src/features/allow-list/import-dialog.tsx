import { type ListedIgnore, parseIgnorable, showHidden } from '@bangui/shared'
import { useQueryClient } from '@tanstack/solid-query'
import { createSignal, For, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError } from '../../api/errors.ts'
import { plural } from '../../lib/format.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import { toast } from '../../ui/toast.tsx'
import styles from './allow-list.module.css'
import { parseImport } from './parse-import.ts'

/** The largest file that is read, in bytes. */
const MAX_BYTES = 1024 * 1024

type Refused = { address: string; reason: string }

/** What is to be imported, and sending it. */
function createImport(entries: () => readonly ListedIgnore[], onDone: () => void) {
  const api = useApi()
  const client = useQueryClient()
  const [text, setText] = createSignal('')
  const [busy, setBusy] = createSignal(false)
  const [problem, setProblem] = createSignal<string>()
  const [refused, setRefused] = createSignal<readonly Refused[]>([])
  const parsed = () => parseImport(text())
  const known = () => {
    const there = new Set(entries().map(({ address, jail }) => `${address} ${jail ?? ''}`))
    return parsed().entries.filter(({ address, jail }) =>
      there.has(`${parseIgnorable(address)?.text ?? ''} ${jail ?? ''}`),
    ).length
  }
  const readFile = async (file: File | undefined) => {
    if (!file) return
    if (file.size > MAX_BYTES) setProblem('The file is larger than 1 MiB.')
    else setText(await file.text())
  }
  const send = async () => {
    const { entries: all } = parsed()
    if (busy() || all.length === 0) return
    setBusy(true)
    setProblem(undefined)
    try {
      const result = await api.ignores.import.mutate({ entries: [...all] })
      toast({
        tone: result.problems.length + result.refused.length === 0 ? 'ok' : 'warning',
        title: `${plural(result.added, 'entry', 'entries')} added to the allow list`,
        text: [
          result.existing > 0 && `${plural(result.existing, 'entry was', 'entries were')} there already.`,
          ...result.problems.map(showHidden),
        ]
          .filter(Boolean)
          .join(' '),
      })
      setRefused(result.refused)
      if (result.refused.length === 0) onDone()
    } catch (error) {
      setProblem(describeError(error).message)
    } finally {
      setBusy(false)
      await client.invalidateQueries({ queryKey: ['ignores'] })
    }
  }
  return { text, setText, busy, problem, refused, parsed, known, readFile, send }
}

type Importing = ReturnType<typeof createImport>

/** Adds many entries at once: from a file that BanGUI exported, or from lines. */
export function ImportDialog(props: { entries: readonly ListedIgnore[]; onClose: () => void }): JSX.Element {
  const importing = createImport(
    () => props.entries,
    () => props.onClose(),
  )
  const count = () => importing.parsed().entries.length
  return (
    <Dialog
      open
      size="lg"
      locked={importing.busy()}
      onOpenChange={() => props.onClose()}
      title="Import entries"
      description="Choose a file that BanGUI exported, or paste addresses, one per line, each with a note after #."
      footer={
        <>
          <Button onClick={() => props.onClose()}>Close</Button>
          <Button
            variant="primary"
            loading={importing.busy()}
            unavailable={count() === 0 && 'There is nothing to import yet'}
            onClick={() => void importing.send()}
          >
            {count() === 0 ? 'Import' : `Import ${plural(count(), 'entry', 'entries')}`}
          </Button>
        </>
      }
    >
      <label class={styles['fileField']}>
        <span class={styles['label']}>File</span>
        <input
          type="file"
          accept=".json,.txt,text/plain,application/json"
          onChange={(event) => void importing.readFile(event.currentTarget.files?.[0])}
        />
      </label>
      <TextArea
        label="Entries"
        rows={8}
        placeholder={'203.0.113.0/24  # office\n2001:db8::7'}
        value={importing.text()}
        onChange={importing.setText}
        description={
          importing.known() > 0
            ? `${plural(importing.known(), 'entry is', 'entries are')} on the list already.`
            : undefined
        }
      />
      <ImportProblems importing={importing} />
    </Dialog>
  )
}

function ImportProblems(props: { importing: Importing }): JSX.Element {
  const refused = () => props.importing.refused()
  return (
    <>
      <Show when={props.importing.parsed().problem ?? props.importing.problem()}>
        {(why) => (
          <Banner tone="danger" role="alert" title="Nothing was imported.">
            {why()}
          </Banner>
        )}
      </Show>
      <Show when={props.importing.parsed().invalid.length > 0}>
        <Banner tone="warning" title="Some of it cannot be read and is left out.">
          {props.importing.parsed().invalid.map(showHidden).join(', ')}
        </Banner>
      </Show>
      <Show when={refused().length > 0}>
        <Banner
          tone="warning"
          role="alert"
          title={`${plural(refused().length, 'entry was', 'entries were')} not added.`}
        >
          <ul class={styles['jails']}>
            <For each={refused().slice(0, 10)}>
              {(each) => (
                <li>
                  {showHidden(each.address)}: {showHidden(each.reason)}
                </li>
              )}
            </For>
          </ul>
        </Banner>
      </Show>
    </>
  )
}

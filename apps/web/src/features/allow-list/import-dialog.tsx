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

/** Adds many entries at once: from a file that BanGUI exported, or from lines. */
export function ImportDialog(props: { entries: readonly ListedIgnore[]; onClose: () => void }): JSX.Element {
  const api = useApi()
  const client = useQueryClient()
  const [text, setText] = createSignal('')
  const [busy, setBusy] = createSignal(false)
  const [problem, setProblem] = createSignal<string>()
  const [refused, setRefused] = createSignal<readonly Refused[]>([])
  const parsed = () => parseImport(text())
  const known = () => {
    const there = new Set(props.entries.map(({ address, jail }) => `${address} ${jail ?? ''}`))
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
    const { entries } = parsed()
    if (busy() || entries.length === 0) return
    setBusy(true)
    setProblem(undefined)
    try {
      const result = await api.ignores.import.mutate({ entries: [...entries] })
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
      if (result.refused.length === 0) props.onClose()
    } catch (error) {
      setProblem(describeError(error).message)
    } finally {
      setBusy(false)
      await client.invalidateQueries({ queryKey: ['ignores'] })
    }
  }
  return (
    <Dialog
      open
      size="lg"
      locked={busy()}
      onOpenChange={() => props.onClose()}
      title="Import entries"
      description="Choose a file that BanGUI exported, or paste addresses, one per line, each with a note after #."
      footer={
        <>
          <Button onClick={() => props.onClose()}>Close</Button>
          <Button
            variant="primary"
            loading={busy()}
            unavailable={parsed().entries.length === 0 && 'There is nothing to import yet'}
            onClick={() => void send()}
          >
            {parsed().entries.length === 0
              ? 'Import'
              : `Import ${plural(parsed().entries.length, 'entry', 'entries')}`}
          </Button>
        </>
      }
    >
      <label class={styles['fileField']}>
        <span class={styles['label']}>File</span>
        <input
          type="file"
          accept=".json,.txt,text/plain,application/json"
          onChange={(event) => void readFile(event.currentTarget.files?.[0])}
        />
      </label>
      <TextArea
        label="Entries"
        rows={8}
        placeholder={'203.0.113.0/24  # office\n2001:db8::7'}
        value={text()}
        onChange={setText}
        description={
          known() > 0 ? `${plural(known(), 'entry is', 'entries are')} on the list already.` : undefined
        }
      />
      <Show when={parsed().problem ?? problem()}>
        {(why) => (
          <Banner tone="danger" role="alert" title="Nothing was imported.">
            {why()}
          </Banner>
        )}
      </Show>
      <Show when={parsed().invalid.length > 0}>
        <Banner tone="warning" title="Some of it cannot be read and is left out.">
          {parsed().invalid.map(showHidden).join(', ')}
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
              {({ address, reason }) => (
                <li>
                  {showHidden(address)}: {showHidden(reason)}
                </li>
              )}
            </For>
          </ul>
        </Banner>
      </Show>
    </Dialog>
  )
}

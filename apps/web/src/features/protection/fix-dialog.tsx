import { type ConfigPreview, type ListedFinding, showHidden } from '@bangui/shared'
import { createSignal, For, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError } from '../../api/errors.ts'
import { useQuery } from '../../api/use-query.ts'
import { createOperationId } from '../../lib/operation-id.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { CodeBlock } from '../../ui/copy-command.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { toast } from '../../ui/toast.tsx'
import { FailedBanner, type FailedProblem } from './failed-banner.tsx'
import { describeConsequences } from './fix-words.ts'
import styles from './fix-dialog.module.css'
import { protectionQueries } from './queries.ts'

/** Shows what the fix of a finding changes, tested by fail2ban, and applies it. */
export function FixDialog(props: { finding: ListedFinding; onClose: () => void }): JSX.Element {
  const api = useApi()
  const edits = () => [...(props.finding.fix ?? [])]
  const preview = useQuery(() => protectionQueries.preview(api, edits()))
  const [busy, setBusy] = createSignal(false)
  const [problem, setProblem] = createSignal<FailedProblem>()
  const apply = async () => {
    if (busy()) return
    setBusy(true)
    setProblem(undefined)
    try {
      const note = `Solves: ${props.finding.title}`
      const operationId = createOperationId()
      const { applied, output, provisional } = await api['config.apply'].mutate({
        edits: edits(),
        note,
        operationId,
      })
      if (applied) {
        toast({
          tone: 'ok',
          title: 'The configuration was changed',
          text: provisional
            ? 'BanGUI keeps the change once this page has reached BanGUI again. The checks run again in a minute.'
            : 'The checks run again in a minute.',
        })
        props.onClose()
      } else setProblem({ why: 'Nothing was changed.', output })
    } catch (error) {
      setProblem({ why: describeError(error).message, output: null })
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog
      open
      size="lg"
      locked={busy()}
      onOpenChange={() => props.onClose()}
      title={`Change the configuration: ${props.finding.title}`}
      footer={
        <>
          <Button unavailable={busy() && 'The change is being applied'} onClick={() => props.onClose()}>
            Cancel
          </Button>
          <Button
            variant="primary"
            loading={busy()}
            disabled={preview.data?.ok !== true}
            onClick={() => void apply()}
          >
            Apply change
          </Button>
        </>
      }
    >
      <Loaded query={preview} what="The preview" fallback={<Skeleton lines={4} height="20px" />}>
        {(data) => <Preview preview={data()} />}
      </Loaded>
      <Show when={problem()}>
        {(found) => <FailedBanner title="The change was not applied." problem={found()} />}
      </Show>
    </Dialog>
  )
}

function Preview(props: { preview: ConfigPreview }): JSX.Element {
  return (
    <div class={styles['preview']}>
      <Show
        when={props.preview.ok}
        fallback={
          <Banner tone="danger" title="fail2ban would refuse this.">
            <CodeBlock label="Output of fail2ban" code={props.preview.output} />
          </Banner>
        }
      >
        <ul class={styles['words']}>
          <For each={describeConsequences(props.preview)}>{(words) => <li>{words}</li>}</For>
        </ul>
      </Show>
      <For each={props.preview.diff}>
        {({ file, unified }) => (
          <section class={styles['file']}>
            <h3 class={styles['path']}>{showHidden(file)}</h3>
            <CodeBlock label={`Changes of ${showHidden(file)}`} code={unified} />
          </section>
        )}
      </For>
    </div>
  )
}

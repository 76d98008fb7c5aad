import { type BackupComparison, type FileEdit, showHidden } from '@bangui/shared'
import { createSignal, For, type JSX, Show } from 'solid-js'
import { plural } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { toast } from '../../ui/toast.tsx'
import styles from './config-backup.module.css'
import type { Draft } from './draft.ts'
import { LeftOutFiles } from './left-out-files.tsx'

/** What a backup would change; its files go into the draft. */
export function RestoreDialog(props: {
  comparison: BackupComparison
  draft: Draft
  onClose: () => void
}): JSX.Element {
  const [removes, setRemoves] = createSignal(false)
  const edits = () => [...props.comparison.edits, ...(removes() ? props.comparison.removals : [])]
  const add = () => {
    const count = edits().length
    for (const edit of edits()) props.draft.add(edit)
    toast({
      tone: 'ok',
      title: `${plural(count, 'file')} of the backup ${count === 1 ? 'is' : 'are'} in the draft`,
      text: 'Nothing changes until you apply the draft.',
    })
    props.onClose()
  }
  return (
    <Dialog
      open
      title="Restore from a backup"
      description={describe(props.comparison)}
      onOpenChange={() => props.onClose()}
      footer={
        <>
          <Button onClick={() => props.onClose()}>Cancel</Button>
          <Button
            variant="primary"
            unavailable={edits().length === 0 ? 'There is nothing to restore.' : false}
            onClick={add}
          >
            Add to draft
          </Button>
        </>
      }
    >
      <div class={styles['stack']}>
        <Show when={props.comparison.edits.length > 0}>
          <Files edits={props.comparison.edits} label="Files that change" />
        </Show>
        <Show when={props.comparison.removals.length > 0}>
          <Checkbox
            label={`Also remove ${plural(props.comparison.removals.length, 'own file')} that the backup does not have`}
            checked={removes()}
            onChange={setRemoves}
          />
          <Show when={removes()}>
            <Files edits={props.comparison.removals} label="Files that are removed" />
          </Show>
        </Show>
        <LeftOutFiles
          files={props.comparison.leftOut}
          label="Files of the backup that BanGUI does not restore"
        />
      </div>
    </Dialog>
  )
}

function Files(props: { edits: readonly FileEdit[]; label: string }): JSX.Element {
  return (
    <ul class={styles['list']} aria-label={props.label}>
      <For each={props.edits}>
        {({ file, content, base }) => (
          <li>
            <code>{showHidden(file)}</code>{' '}
            <span class={styles['why']}>
              {content === null ? 'is removed' : base === null ? 'is created' : 'differs'}
            </span>
          </li>
        )}
      </For>
    </ul>
  )
}

/** Returns what the backup has, in a sentence or two. */
function describe({ edits, same }: BackupComparison): string {
  const unchanged =
    same === 0 ? '' : ` ${plural(same, 'file')} ${same === 1 ? 'is' : 'are'} the same as in the backup.`
  return edits.length === 0
    ? `No file would change.${unchanged}`
    : `${plural(edits.length, 'file')} would change.${unchanged}`
}

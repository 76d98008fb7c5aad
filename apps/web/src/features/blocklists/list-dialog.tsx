import type { Blocklist } from '@bangui/shared'
import { type JSX, Show } from 'solid-js'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import styles from './blocklists.module.css'
import { createListWork } from './create-list-work.ts'
import { ListFormFields } from './list-form-fields.tsx'
import { ListPreviewView } from './list-preview-view.tsx'

export type ListDialogProps = {
  /** undefined: a new one */
  list: Blocklist | undefined
  onClose: () => void
}

/** Adds or changes a blocklist, with a preview of what its import would do. */
export function ListDialog(props: ListDialogProps): JSX.Element {
  // oxlint-disable-next-line solid/reactivity -- the form begins with the blocklist as it was when the dialog was opened
  const work = createListWork(props.list, () => props.onClose())
  const { form } = work
  return (
    <Dialog
      open
      size="lg"
      locked={work.busy() === 'save'}
      onOpenChange={() => props.onClose()}
      title={props.list ? `Edit ${props.list.name}` : 'Add blocklist'}
      description="A preview shows what would be banned. Nothing is banned before you save."
      footer={
        <>
          <Button onClick={() => props.onClose()}>Cancel</Button>
          <Button
            loading={work.busy() === 'preview'}
            disabled={form.toPreview() === undefined}
            onClick={() => void work.look()}
          >
            Preview
          </Button>
          <Button
            variant="primary"
            loading={work.busy() === 'save'}
            disabled={form.input() === undefined}
            onClick={() => void work.save()}
          >
            {props.list ? 'Save changes' : 'Add and import'}
          </Button>
        </>
      }
    >
      <div class={styles['form']}>
        <ListFormFields
          form={form}
          jails={work.jails()}
          hasListsJail={work.hasListsJail()}
          isNew={props.list === undefined}
          stored={props.list?.upload?.name}
        />
        <Show when={work.problem()}>
          {(found) => (
            <Banner tone="danger" role="alert" title={found().title}>
              {found().why}
            </Banner>
          )}
        </Show>
        <Show when={work.preview()}>{(data) => <ListPreviewView preview={data()} />}</Show>
      </div>
    </Dialog>
  )
}

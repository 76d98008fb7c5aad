import { type JSX, Show } from 'solid-js'
import { focusFirstInvalid } from '../lib/focus-invalid.ts'
import { Banner } from './banner.tsx'
import { Button } from './button.tsx'
import { Dialog, type DialogProps } from './dialog.tsx'
import styles from './form-dialog.module.css'

export type FormDialogProps = Pick<DialogProps, 'title' | 'description' | 'size'> & {
  /** the button that sends the form: "Add rule" */
  submit: string
  /** it is being sent: it can be neither changed nor left */
  busy: boolean
  /** why it cannot be left then: "The rule is being saved" */
  busyReason: string
  /** why it was refused, where no field shows that */
  refusal?:
    | { title: string; why: JSX.Element; tone?: 'danger' | 'warning'; actions?: JSX.Element }
    | undefined
  /** Sends the form. The first field that is wrong gets the focus afterwards. */
  onSubmit: () => Promise<void>
  onClose: () => void
  children: JSX.Element
}

/** A dialog with a form: fields, why it was refused, and the buttons. Enter sends it; nothing that was typed is lost if that fails. */
export function FormDialog(props: FormDialogProps): JSX.Element {
  let form: HTMLFormElement | undefined
  const send = async () => {
    if (props.busy) return
    await props.onSubmit()
    if (!form) return
    focusFirstInvalid(form)
    form.querySelector('[role=alert]')?.scrollIntoView?.({ block: 'nearest' })
  }
  return (
    <Dialog
      open
      size={props.size ?? 'md'}
      locked={props.busy}
      onOpenChange={() => props.onClose()}
      title={props.title}
      description={props.description}
      footer={
        <>
          <Button unavailable={props.busy && props.busyReason} onClick={() => props.onClose()}>
            Cancel
          </Button>
          <Button variant="primary" loading={props.busy} onClick={() => void send()}>
            {props.submit}
          </Button>
        </>
      }
    >
      <form
        ref={(element) => (form = element)}
        class={styles['form']}
        noValidate
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
        {props.children}
        <Show when={props.refusal}>
          {(refusal) => (
            <Banner
              tone={refusal().tone ?? 'danger'}
              role="alert"
              title={refusal().title}
              actions={refusal().actions}
            >
              {refusal().why}
            </Banner>
          )}
        </Show>
        {/* Enter sends the form */}
        <button type="submit" hidden />
      </form>
    </Dialog>
  )
}

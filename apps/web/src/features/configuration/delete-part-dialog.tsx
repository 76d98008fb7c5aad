import { showHidden } from '@bangui/shared'
import { For, type JSX, Show } from 'solid-js'
import { formatList } from '../../lib/format.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Link } from '../../ui/link.tsx'
import { toast } from '../../ui/toast.tsx'
import { hrefOf } from './config-part.ts'
import type { Draft } from './draft.ts'
import styles from './setting-editor.module.css'

export type DeletePartDialogProps = {
  scope: 'jail' | 'filter' | 'action'
  name: string
  /** of a filter or an action: what is removed */
  files: readonly string[]
  /** the jails that use it */
  users: readonly string[]
  /** the other filters or actions that include it */
  includers: readonly string[]
  draft: Draft
  onClose: () => void
}

/** Asks before a jail, a filter or an action is deleted, and names the jails that would break. */
export function DeletePartDialog(props: DeletePartDialogProps): JSX.Element {
  const isUsed = () => props.users.length > 0 || props.includers.length > 0
  const usersOf = () => [
    ...props.users.map((name) => ({ kind: 'jail', name }) as const),
    ...props.includers.map((name) => ({ kind: props.scope, name }) as const),
  ]
  const remove = () => {
    props.draft.add({ kind: 'delete', scope: props.scope, name: props.name })
    toast({
      tone: 'ok',
      title: 'The deletion is in the draft',
      text: 'Nothing changes until you apply the draft.',
    })
    props.onClose()
  }
  return (
    <Dialog
      open
      size="sm"
      role="alertdialog"
      title={`Delete the ${props.scope} ${props.name}?`}
      onOpenChange={() => props.onClose()}
      footer={
        <>
          <Button onClick={() => props.onClose()}>{isUsed() ? 'Close' : 'Cancel'}</Button>
          <Show when={!isUsed()}>
            <Button variant="danger" onClick={remove}>
              Add deletion to draft
            </Button>
          </Show>
        </>
      }
    >
      <div class={styles['stack']}>
        <Show
          when={isUsed()}
          fallback={
            <p class={styles['words']}>
              <Show
                when={props.scope === 'jail'}
                fallback={`No jail uses it. ${formatList(props.files.map(showHidden))} ${props.files.length === 1 ? 'is' : 'are'} removed.`}
              >
                Its section is removed from your own files. If the jail is running, it is stopped and its bans
                end.
              </Show>
            </p>
          }
        >
          <Banner tone="warning" role="note" title={`This ${props.scope} is used`}>
            Without this {props.scope}, fail2ban could not start the jails below, or read the files that
            include it. Choose another {props.scope} there first, or delete these jails and files.
          </Banner>
          <ul class={styles['list']}>
            <For each={usersOf()}>
              {(user) => (
                <li class={styles['edit']}>
                  {user.kind === 'jail' ? 'Jail' : user.kind === 'filter' ? 'Filter' : 'Action'}{' '}
                  <Link href={hrefOf(user)}>{showHidden(user.name)}</Link>
                </li>
              )}
            </For>
          </ul>
        </Show>
      </div>
    </Dialog>
  )
}

import { showHidden, type SwitchPreview } from '@bangui/shared'
import type { JSX } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useQuery } from '../../api/use-query.ts'
import { describeActivity } from '../../lib/activity.ts'
import { useLive } from '../../live/live-store.tsx'
import { toast } from '../../ui/toast.tsx'
import { ChangeDialog, createApplying } from './change-dialog.tsx'
import { jailQueries } from './queries.ts'
import { PreviewView } from './switch-preview.tsx'
import { noteSwitch } from './switch-state.ts'
import { useUndoableChange } from './undo-change.ts'

export type SwitchTarget = { name: string; enabled: boolean }

/** Switches a jail on or off: shows a preview, applies the change, and shows the outcome. */
export function SwitchDialog(props: { target: SwitchTarget; onClose: () => void }): JSX.Element {
  const api = useApi()
  const live = useLive()
  const preview = useQuery(() => jailQueries.preview(api, props.target.name, props.target.enabled))
  const verb = () => (props.target.enabled ? 'Activate' : 'Deactivate')
  const undoable = useUndoableChange()
  const applying = createApplying(
    () => {
      const { name, enabled } = props.target
      return api.jails[enabled ? 'activate' : 'deactivate'].mutate({
        name,
        operationId: undoable.begin(name),
        provisional: true,
      })
    },
    (result) => {
      const { name, enabled } = props.target
      noteSwitch({ name, enabled, at: Date.now() })
      // the recovery banner shows the error already
      if (live.runtime?.pendingRecovery?.recovered !== false)
        toast({
          tone: 'ok',
          title: `${name} was ${enabled ? 'activated' : 'deactivated'}`,
          text:
            result.unconfirmed === undefined
              ? 'BanGUI watches fail2ban for 60 seconds.'
              : 'It waits to be confirmed, which this page does by itself.',
          action: undoable.actionAfter(result),
        })
      props.onClose()
    },
    () => props.onClose(),
  )
  return (
    <ChangeDialog<SwitchPreview>
      title={`${verb()} ${props.target.name}`}
      name={props.target.name}
      query={preview}
      preview={preview.isFetching ? undefined : preview.data}
      applying={applying}
      verb={`${verb()} ${showHidden(props.target.name)}`}
      variant={props.target.enabled ? 'primary' : 'danger'}
      unavailable={applying.busy() ? undefined : describeActivity(live.runtime)}
      onClose={() => props.onClose()}
    >
      {(known) => <PreviewView preview={known()} applying={applying.busy()} />}
    </ChangeDialog>
  )
}

import type { Blocklist } from '@bangui/shared'
import Ellipsis from 'lucide-solid/icons/ellipsis'
import { createSignal, type JSX, Show } from 'solid-js'
import { plural } from '../../lib/format.ts'
import { useCanChange } from '../../lib/permissions.ts'
import { AsyncButton } from '../../ui/async-button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { LazyMenu } from '../../ui/lazy-menu.tsx'
import type { MenuItem } from '../../ui/menu.tsx'
import type { ListVerbs } from './list-verbs.ts'

export type ListActionsProps = { list: Blocklist; verbs: ListVerbs; onEdit: () => void }

/** The buttons of a list: import or cancel, and a menu with the rest. */
export function ListActions(props: ListActionsProps): JSX.Element {
  const canImport = useCanChange('blocklists.import')
  const canWrite = useCanChange('blocklists.write')
  const [asking, setAsking] = createSignal<'unban' | 'remove'>()
  const items = (): MenuItem[] => [
    ...(canWrite() ? [{ label: 'Edit…', onSelect: () => props.onEdit() }] : []),
    ...(props.list.inForce > 0
      ? [{ label: 'End its bans…', onSelect: () => setAsking('unban') } satisfies MenuItem]
      : []),
    ...(canWrite()
      ? [{ label: 'Remove…', tone: 'danger', onSelect: () => setAsking('remove') } satisfies MenuItem]
      : []),
  ]
  return (
    <>
      <Show when={canImport()}>
        <Show
          when={props.list.running}
          fallback={
            <AsyncButton
              size="sm"
              aria-label={`Import now: ${props.list.name}`}
              onPress={() => props.verbs.import(props.list)}
            >
              Import now
            </AsyncButton>
          }
        >
          <AsyncButton
            size="sm"
            aria-label={`Cancel the import of ${props.list.name}`}
            onPress={() => props.verbs.cancel(props.list)}
          >
            Cancel
          </AsyncButton>
        </Show>
        <Show when={items().length > 0}>
          <LazyMenu
            label={`More for ${props.list.name}`}
            trigger={<Ellipsis aria-hidden="true" />}
            items={items}
            tooltip={false}
          />
        </Show>
      </Show>
      <Show when={asking()}>
        {(what) => (
          <EndDialog
            list={props.list}
            verbs={props.verbs}
            what={what()}
            onClose={() => setAsking(undefined)}
          />
        )}
      </Show>
    </>
  )
}

/** Asks before the bans of a list end, or the list is removed. */
function EndDialog(props: {
  list: Blocklist
  verbs: ListVerbs
  what: 'unban' | 'remove'
  onClose: () => void
}): JSX.Element {
  const [alsoBans, setAlsoBans] = createSignal(false)
  const bans = () => plural(props.list.inForce, 'ban')
  const isRemoval = () => props.what === 'remove'
  const confirm = async () => {
    const isEnded = isRemoval() && !alsoBans() ? true : await props.verbs.unban(props.list)
    if (isEnded && isRemoval()) await props.verbs.remove(props.list)
    return true
  }
  return (
    <ConfirmDialog
      title={isRemoval() ? `Remove ${props.list.name}?` : `End ${bans()} of ${props.list.name}?`}
      description={
        isRemoval()
          ? 'BanGUI no longer fetches it. Its bans stay until they end by themselves.'
          : 'Only what this list has banned and nobody else holds ends. The next import bans these addresses again.'
      }
      confirm={isRemoval() ? 'Remove blocklist' : `End ${bans()}`}
      onConfirm={confirm}
      onClose={() => props.onClose()}
    >
      <Show when={isRemoval() && props.list.inForce > 0}>
        <Checkbox label={`Also end its ${bans()}`} checked={alsoBans()} onChange={setAlsoBans} />
      </Show>
    </ConfirmDialog>
  )
}

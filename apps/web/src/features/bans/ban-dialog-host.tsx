import { type JSX, lazy, Show, Suspense } from 'solid-js'
import { useCanChange } from '../../lib/permissions.ts'
import { banDialogRequest, closeBanDialog } from '../../bans/ban-dialog-state.ts'
import { banDialogModule } from '../../bans/open-ban-dialog.ts'

const BanDialog = lazy(async () => ({ default: (await banDialogModule.load()).BanDialog }))

/** Renders the ban dialog once, in the shell; its code is fetched when it is first opened. */
export function BanDialogHost(): JSX.Element {
  const canBan = useCanChange('bans.write')
  return (
    // a draft that is kept after the end of a session may be opened by another user
    <Show when={canBan() && banDialogRequest()} keyed>
      {(request) => (
        <Suspense>
          <BanDialog request={request} onClose={closeBanDialog} />
        </Suspense>
      )}
    </Show>
  )
}

import { type JSX, lazy, Show, Suspense } from 'solid-js'
import { useCanChange } from '../../lib/permissions.ts'
import { banDialogRequest, closeBanDialog } from './ban-dialog-state.ts'
import { banDialogModule } from './open-ban-dialog.ts'

const BanDialog = lazy(async () => ({ default: (await banDialogModule.load()).BanDialog }))

/** Where the ban dialog appears, fetched when it is first asked for: stands once, in the shell. */
export function BanDialogHost(): JSX.Element {
  const canBan = useCanChange('bans.write')
  return (
    // what is kept over the end of a session may meet somebody else
    <Show when={canBan() && banDialogRequest()} keyed>
      {(request) => (
        <Suspense>
          <BanDialog request={request} onClose={closeBanDialog} />
        </Suspense>
      )}
    </Show>
  )
}

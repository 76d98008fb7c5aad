import { type JSX, lazy, Show, Suspense } from 'solid-js'
import { useCanChange } from '../../lib/permissions.ts'
import { banDialogRequest, closeBanDialog } from '../../bans/ban-dialog-state.ts'
import { changeBanModule, changedBan, closeChangeBan } from '../../bans/change-ban-state.ts'
import { banDialogModule } from '../../bans/open-ban-dialog.ts'

const BanDialog = lazy(async () => ({ default: (await banDialogModule.load()).BanDialog }))

const ChangeBanDialog = lazy(async () => ({ default: (await changeBanModule.load()).ChangeBanDialog }))

/** Renders the dialogs about bans once, in the shell; their code is fetched when they are first opened. */
export function BanDialogHost(): JSX.Element {
  const canBan = useCanChange('bans.write')
  return (
    <>
      {/* a draft that is kept after the end of a session may be opened by another user */}
      <Show when={canBan() && banDialogRequest()} keyed>
        {(request) => (
          <Suspense>
            <BanDialog request={request} onClose={closeBanDialog} />
          </Suspense>
        )}
      </Show>
      <Show when={canBan() && changedBan()} keyed>
        {(ban) => (
          <Suspense>
            <ChangeBanDialog ban={ban} onClose={closeChangeBan} />
          </Suspense>
        )}
      </Show>
    </>
  )
}

import { type JSX, lazy, Show, Suspense } from 'solid-js'
import { banDialogRequest, closeBanDialog, loadBanDialog } from './ban-dialog-state.ts'

const BanDialog = lazy(async () => ({ default: (await loadBanDialog()).BanDialog }))

/** Where the ban dialog appears, fetched when it is first asked for: stands once, in the shell. */
export function BanDialogHost(): JSX.Element {
  return (
    <Show when={banDialogRequest()} keyed>
      {(request) => (
        <Suspense>
          <BanDialog request={request} onClose={closeBanDialog} />
        </Suspense>
      )}
    </Show>
  )
}

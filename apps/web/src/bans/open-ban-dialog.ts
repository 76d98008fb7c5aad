import { defineLazyModule } from '../lib/lazy-module.ts'
import { whenFetched } from '../ui/when-fetched.ts'
import { showBanDialog } from './ban-dialog-state.ts'
import type { BanDialogRequest } from './ban-draft.ts'

export const banDialogModule = defineLazyModule(() => import('./ban-dialog.tsx'))

/** Opens the dialog that bans addresses, from any page. */
export const openBanDialog = (opened: BanDialogRequest = {}): void =>
  void whenFetched(banDialogModule, () => showBanDialog(opened))

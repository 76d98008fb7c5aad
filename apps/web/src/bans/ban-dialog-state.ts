import { createSignal } from 'solid-js'
import type { BanDialogRequest, BanDraft } from './ban-draft.ts'

const [request, setRequest] = createSignal<BanDialogRequest | undefined>()

/** What the ban dialog was opened with; undefined while it is closed. */
export const banDialogRequest = request

let usedJail: string | undefined

/** Returns the jail that this dialog banned in last; undefined: none yet. */
export const lastUsedJail = (): string | undefined => usedJail

/** Keeps the jail that was banned in, as the default of the next time. */
export const rememberJail = (jail: string | undefined): void => {
  usedJail = jail
}

/** Shows the dialog, whose code must be fetched already; everywhere else `openBanDialog` is called. */
export const showBanDialog = (opened: BanDialogRequest): void => {
  setRequest(opened)
}

export const closeBanDialog = (): void => {
  setRequest(undefined)
}

/**
 * Keeps what was filled in when the whole page is removed while the dialog is open, as at the end of a session: the dialog
 * opens with it again.
 */
export const keepBanDraft = (of: BanDialogRequest, draft: BanDraft): void =>
  void setRequest((now) => (now === of ? { ...now, draft } : now))

import { createSignal } from 'solid-js'
import { definePart } from '../../lib/parts.ts'
import { whenFetched } from '../../ui/when-fetched.ts'
import type { BanDraft } from './create-ban-form.ts'

/** What the dialog opens with. */
export type BanDialogRequest = {
  addresses?: readonly string[]
  jail?: string
  /** jails that may be meant where none is given, the likeliest first; one that does not run is passed over */
  likely?: readonly string[]
  /** what was filled in before */
  draft?: BanDraft | undefined
}

const [request, setRequest] = createSignal<BanDialogRequest | undefined>()

/** What the ban dialog was opened with; undefined while it is closed. */
export const banDialogRequest = request

let usedJail: string | undefined

/** The jail that was banned in last by this dialog; undefined: none yet. */
export const lastUsedJail = (): string | undefined => usedJail

/** Keeps the jail that was banned in, for the next time. */
export const rememberJail = (jail: string | undefined): void => {
  usedJail = jail
}

/** The dialog's own chunk. */
export const banDialogPart = definePart(() => import('./ban-dialog.tsx'))

/** Opens the dialog that bans addresses, from any page. */
export const openBanDialog = (opened: BanDialogRequest = {}): void =>
  void whenFetched(banDialogPart, () => setRequest(opened))

export const closeBanDialog = (): void => {
  setRequest(undefined)
}

/** The whole page goes while the dialog is open, as when the session is over: it opens again with what was filled in. */
export const keepBanDraft = (of: BanDialogRequest, draft: BanDraft): void =>
  void setRequest((now) => (now === of ? { ...now, draft } : now))

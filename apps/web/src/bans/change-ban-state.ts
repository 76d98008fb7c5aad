import { createSignal } from 'solid-js'
import { defineLazyModule } from '../lib/lazy-module.ts'
import { whenFetched } from '../ui/when-fetched.ts'
import type { ChangeableBan } from './changeable-ban.ts'

const [ban, setBan] = createSignal<ChangeableBan | undefined>()

/** The ban of the open dialog; undefined while it is closed. */
export const changedBan = ban

export const changeBanModule = defineLazyModule(() => import('./change-ban-dialog.tsx'))

/** Opens the dialog that changes the end or the reason of a ban. */
export const openChangeBan = (opened: ChangeableBan): void =>
  void whenFetched(changeBanModule, () => setBan(opened))

export const closeChangeBan = (): void => {
  setBan(undefined)
}

import { createEffect, createRoot, createSignal, onCleanup } from 'solid-js'

const [page, setPage] = createSignal<string | undefined>()
const [state, setState] = createSignal<string | undefined>()

/** Returns the document's title: problems first, then the page, so that a narrow tab still shows them. */
export const documentTitle = (): string => [state(), page(), 'BanGUI'].filter(Boolean).join(' · ')

createRoot(() => createEffect(() => (document.title = documentTitle())))

/** Names the page in the document's title while the calling component is mounted. */
export function usePageTitle(title: () => string): void {
  createEffect(() => setPage(title()))
  onCleanup(() => setPage(undefined))
}

/** Puts a state such as "fail2ban is down" in front of the document's title. */
export function useTitleState(text: () => string | undefined): void {
  createEffect(() => setState(text()))
  onCleanup(() => setState(undefined))
}

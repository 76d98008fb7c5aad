import Compass from 'lucide-solid/icons/compass'
import type { JSX } from 'solid-js'
import { ButtonLink } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Page } from '../ui/page.tsx'

/** There is no page at this address. */
export function NotFoundPage(): JSX.Element {
  return (
    <Page title="Page not found" width="reading">
      <EmptyState
        icon={<Compass />}
        title="There is no page at this address."
        action={<ButtonLink href="/">Go to the overview</ButtonLink>}
      >
        The link may be from another version of BanGUI, or mistyped.
      </EmptyState>
    </Page>
  )
}

import Compass from 'lucide-solid/icons/compass'
import type { JSX } from 'solid-js'
import { showHidden } from '@bangui/shared'
import { usePageHost } from '../lib/page-host.ts'
import { ButtonLink } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Page } from '../ui/page.tsx'

/** The address of the page names a host that does not exist, or that the user may not see. */
export function UnknownHostPage(): JSX.Element {
  return (
    <Page title="Host not found" width="reading">
      <EmptyState
        icon={<Compass />}
        title={`There is no host named ${showHidden(usePageHost() ?? '')}, or you do not have access to it.`}
        // an empty name is the default host
        action={<ButtonLink href="/?host=">Go to the overview</ButtonLink>}
      >
        The link may be old or mistyped.
      </EmptyState>
    </Page>
  )
}

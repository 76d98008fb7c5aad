import { ErrorBoundary, type JSX, Suspense } from 'solid-js'
import { describeError } from '../api/errors.ts'
import { Button } from '../ui/button.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Page } from '../ui/page.tsx'
import { PageShape } from './page-shape.tsx'

/** Renders one page: an error stays within it, and a skeleton is shown while its code is fetched. */
export function RouteView(props: { children: JSX.Element }): JSX.Element {
  return (
    <ErrorBoundary
      fallback={(error: unknown) => (
        <Page title="This page couldn’t be displayed" width="reading">
          <ErrorState title="This page could not be shown." why={describeError(error).message}>
            {/* what failed to load is only fetched again by a new page */}
            <Button size="sm" onClick={() => location.reload()}>
              Reload the page
            </Button>
          </ErrorState>
        </Page>
      )}
    >
      <Suspense fallback={<PageShape />}>{props.children}</Suspense>
    </ErrorBoundary>
  )
}

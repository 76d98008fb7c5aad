import type { JSX } from 'solid-js'
import { Skeleton } from '../ui/skeleton.tsx'

/** The skeleton of a page while its code is fetched. */
export function PageShape(): JSX.Element {
  return (
    <div aria-busy="true">
      <Skeleton width="160px" height="28px" />
    </div>
  )
}

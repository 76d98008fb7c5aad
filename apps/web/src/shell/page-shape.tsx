import type { JSX } from 'solid-js'
import { Skeleton } from '../ui/skeleton.tsx'

/** Stands while the code of a page is fetched. */
export function PageShape(): JSX.Element {
  return (
    <div aria-busy="true">
      <Skeleton width="160px" height="28px" />
    </div>
  )
}

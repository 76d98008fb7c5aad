import type { JSX } from 'solid-js'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'

/** Says that a network is very wide, and lets the reader ignore it anyway. */
export function IgnoreTooWide(props: { why: string; onInsist: () => void }): JSX.Element {
  return (
    <ErrorState title="Nothing was changed." why={props.why}>
      <Button size="sm" onClick={() => props.onInsist()}>
        Ignore it anyway
      </Button>
    </ErrorState>
  )
}

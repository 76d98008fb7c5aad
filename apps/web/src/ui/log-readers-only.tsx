import { type JSX, Show } from 'solid-js'
import { useCan } from '../lib/permissions.ts'
import { Card } from './card.tsx'
import { EmptyState } from './empty-state.tsx'

/** Shows a part of a page to those who may read logs, and says to others why they cannot see it. */
export function LogReadersOnly(props: { title: string; children: JSX.Element }): JSX.Element {
  const mayRead = useCan('logs.read')
  return (
    <Show
      when={mayRead()}
      fallback={
        <Card>
          <EmptyState title={props.title}>
            The lines of a log can contain passwords and other secrets.
          </EmptyState>
        </Card>
      }
    >
      {props.children}
    </Show>
  )
}

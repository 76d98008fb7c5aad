import { type CreateEdit, showHidden } from '@bangui/shared'
import { useNavigate } from '@solidjs/router'
import type { JSX } from 'solid-js'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ROOT } from './config-part.ts'
import type { Draft } from './draft.ts'

/** A jail, a filter or an action that is in the draft and not on the machine yet. */
export function DraftedPart(props: { edit: CreateEdit; draft: Draft }): JSX.Element {
  const navigate = useNavigate()
  const edits = () =>
    props.draft
      .edits()
      .filter((each) => 'name' in each && each.name === props.edit.name && each.scope === props.edit.scope)
  const remove = () => {
    for (const edit of edits()) props.draft.remove(edit)
    navigate(ROOT)
  }
  return (
    <Card>
      <EmptyState
        title={`The ${props.edit.scope} ${showHidden(props.edit.name)} is in the draft`}
        action={<Button onClick={remove}>Remove from the draft</Button>}
      >
        {props.edit.from === undefined
          ? 'It is created when you apply the draft. After that, you can change its settings here.'
          : `It becomes a copy of ${showHidden(props.edit.from)} when you apply the draft. After that, you can change its settings here.`}
      </EmptyState>
    </Card>
  )
}

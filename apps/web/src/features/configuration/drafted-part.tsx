import { type CreateEdit, showHidden } from '@bangui/shared'
import type { RouterOutputs } from '@bangui/server/router'
import { useNavigate } from '@solidjs/router'
import { type JSX, Show } from 'solid-js'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { ROOT } from './config-part.ts'
import type { Draft } from './draft.ts'
import { createDraftedSettings } from './drafted-settings.ts'
import type { PartSources } from './part-sources.ts'
import { SettingsView } from './settings-view.tsx'

export type DraftedPartProps = {
  edit: CreateEdit
  draft: Draft
  sources: PartSources
  /** undefined: not known */
  options: RouterOutputs['config']['options'] | undefined
}

/** A jail, a filter or an action that is in the draft and not on the machine yet, with its settings. */
export function DraftedPart(props: DraftedPartProps): JSX.Element {
  const navigate = useNavigate()
  const part = () => ({ kind: props.edit.scope, name: props.edit.name })
  const settings = createDraftedSettings(part, () => props.draft)
  const remove = () => {
    for (const edit of props.draft.edits())
      if ('name' in edit && edit.name === props.edit.name && edit.scope === props.edit.scope)
        props.draft.remove(edit)
    navigate(ROOT)
  }
  return (
    <>
      <Banner
        tone="info"
        role="note"
        title={`The ${props.edit.scope} ${showHidden(props.edit.name)} is in the draft`}
        actions={
          <Button size="sm" onClick={remove}>
            Remove from the draft
          </Button>
        }
      >
        {props.edit.from === undefined
          ? 'It is created when you apply the draft.'
          : `It becomes a copy of ${showHidden(props.edit.from)} when you apply the draft.`}
        {settings() === undefined ? '' : ' You can change its settings before that.'}
      </Banner>
      <Show when={settings()}>
        {(drafted) => (
          <Show when={props.options}>
            {(options) => (
              <SettingsView
                part={part()}
                settings={[...drafted()]}
                drafted={undefined}
                isNew
                options={options()}
                sources={props.sources}
                draft={props.draft}
              />
            )}
          </Show>
        )}
      </Show>
    </>
  )
}

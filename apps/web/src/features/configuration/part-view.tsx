import type { CreateEdit } from '@bangui/shared'
import { createMemo, type JSX, Match, Show, Switch } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useQuery } from '../../api/use-query.ts'
import { FilterTestsCard } from '../../bans/filter-tests-card.tsx'
import { useCan, useCanChange } from '../../lib/permissions.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Link } from '../../ui/link.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { type ConfigPart, hrefOf, type SettingsPart } from './config-part.ts'
import type { Sources } from './config-sources.ts'
import { useDraft } from './draft.ts'
import { DraftedPart } from './drafted-part.tsx'
import { createDraftedSettings } from './drafted-settings.ts'
import { FileView } from './file-view.tsx'
import { HistoryView } from './history-view.tsx'
import { NewJailPart } from './new-jail-part.tsx'
import { createParameterLookup } from './parameter-lookup.ts'
import { partOfFile, whyReadOnly } from './part-files.ts'
import { configQueries } from './queries.ts'
import { SettingsView } from './settings-view.tsx'
import { vocabularyOf } from './vocabulary.ts'

/** One part of the configuration: its settings, its text, its history. */
export function PartView(props: { part: ConfigPart; sources: Sources }): JSX.Element {
  const draft = useDraft()
  /** of a part that is not on the machine yet */
  const draftedOf = (part: ConfigPart): CreateEdit | undefined => {
    const { jails, filters, actions } = props.sources.header()
    const there = { jail: jails, filter: filters, action: actions }
    return draft
      .edits()
      .find(
        (edit): edit is CreateEdit =>
          edit.kind === 'create' &&
          edit.scope === part.kind &&
          'name' in part &&
          edit.name === part.name &&
          there[edit.scope]?.some(({ name }) => name === part.name) !== true,
      )
  }
  return (
    <Switch>
      <Match when={props.part.kind === 'file' && props.part}>
        {(part) => <FilePart path={part().name} sources={props.sources} />}
      </Match>
      <Match when={programOf(props.part)}>{(name) => <Program name={name()} />}</Match>
      <Match when={props.part.kind === 'history'}>
        <HistoryView configDir={props.sources.header().configDir} />
      </Match>
      <Match when={props.part.kind === 'new-jail'}>
        <NewJailPart draft={draft} configDir={props.sources.header().configDir} />
      </Match>
      <Match when={draftedOf(props.part)}>
        {(edit) => (
          <DraftedPart
            edit={edit()}
            draft={draft}
            sources={props.sources.header()}
            options={props.sources.options.data}
          />
        )}
      </Match>
      <Match when={settingsPartOf(props.part)}>
        {(part) => <SettingsPartView part={part()} sources={props.sources} />}
      </Match>
    </Switch>
  )
}

const settingsPartOf = (part: ConfigPart): SettingsPart | undefined =>
  part.kind === 'file' || part.kind === 'history' || part.kind === 'new-jail' ? undefined : part

/** Actions that are programs have no options. */
const programOf = (part: ConfigPart): string | undefined =>
  part.kind === 'action' && part.name.endsWith('.py') ? part.name : undefined

function Program(props: { name: string }): JSX.Element {
  return (
    <EmptyState
      title="This action is a Python program"
      action={
        <ButtonLink href={hrefOf({ kind: 'file', name: `action.d/${props.name}` })}>Open its text</ButtonLink>
      }
    >
      It has no settings of its own; a jail gives it parameters in brackets.
    </EmptyState>
  )
}

function FilePart(props: { path: string; sources: Sources }): JSX.Element {
  const api = useApi()
  const draft = useDraft()
  const canChange = useCanChange('config.write')
  const file = useQuery(() => configQueries.file(api, props.path))
  const sources = () => props.sources.header()
  const options = () => props.sources.options.data
  const parametersOf = createParameterLookup(options)
  const vocabulary = createMemo(() => {
    const known = options()
    const part = partOfFile(props.path)
    return (
      known && { ...vocabularyOf({ part, settings: [], options: known, sources: sources() }), parametersOf }
    )
  })
  return (
    <Loaded query={file} what="The file" fallback={<Skeleton lines={12} height="18px" />}>
      {(loaded) => (
        <FileView
          file={loaded()}
          draft={canChange() && sources().write !== 'off' ? draft : undefined}
          vocabulary={vocabulary()}
          why={whyReadOnly(props.path, sources().write)}
        />
      )}
    </Loaded>
  )
}

function SettingsPartView(props: { part: SettingsPart; sources: Sources }): JSX.Element {
  const api = useApi()
  const draft = useDraft()
  const canChange = useCanChange('config.write')
  const mayRead = useCan('logs.read')
  const settings = useQuery(() => configQueries.effective(api, props.part))
  const drafted = createDraftedSettings(
    () => props.part,
    () => (canChange() ? draft : undefined),
  )
  return (
    <Loaded query={settings} what="The settings" fallback={<Skeleton lines={12} height="18px" />}>
      {(loaded) => (
        <Loaded
          query={props.sources.options}
          what="The options"
          fallback={<Skeleton lines={12} height="18px" />}
        >
          {(options) => (
            <>
              <SettingsView
                part={props.part}
                settings={loaded()}
                options={options()}
                sources={props.sources.header()}
                drafted={drafted()}
                draft={canChange() ? draft : undefined}
              />
              <Show when={mayRead() && props.part.kind === 'filter' && props.part.name} keyed>
                {(filter) => (
                  <FilterTestsCard
                    filter={filter}
                    hint={
                      <>
                        Add them in the{' '}
                        <Link href={`/regex-lab?filter=${encodeURIComponent(filter)}`}>Regex lab</Link>.
                      </>
                    }
                  />
                )}
              </Show>
            </>
          )}
        </Loaded>
      )}
    </Loaded>
  )
}

import { type CreateEdit, showHidden } from '@bangui/shared'
import { useParams, useSearchParams } from '@solidjs/router'
import { createMemo, type JSX, Match, Show, Switch } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError } from '../../api/errors.ts'
import { QueryProvider } from '../../api/query-provider.tsx'
import { useQuery } from '../../api/use-query.ts'
import { useCanChange } from '../../lib/permissions.ts'
import { Banner } from '../../ui/banner.tsx'
import { ButtonLink } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Page } from '../../ui/page.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { type ConfigPart, hrefOf, partOf, ROOT, type SettingsPart, titleOf } from './config-part.ts'
import { ConfigStart } from './config-start.tsx'
import { ConfigTree } from './config-tree.tsx'
import styles from './configuration-page.module.css'
import { KeptDraft, useDraft } from './draft.ts'
import { createDraftPlaces, DraftBar } from './draft-bar.tsx'
import { DraftPanel } from './draft-panel.tsx'
import { DraftedPart } from './drafted-part.tsx'
import { createDraftedSettings } from './drafted-settings.ts'
import { FileView } from './file-view.tsx'
import { HistoryView } from './history-view.tsx'
import { PartActions } from './part-actions.tsx'
import { PartHeader } from './part-header.tsx'
import type { PartSources } from './part-sources.ts'
import { NewJailPart } from './new-jail-part.tsx'
import { configQueries } from './queries.ts'
import { refreshAfterConfirmation, refreshAfterOutsideChange } from './refresh-config.ts'
import { SettingsView } from './settings-view.tsx'
import { partOfFile, whyReadOnly } from './part-files.ts'
import { vocabularyOf } from './vocabulary.ts'

/** All of fail2ban's configuration: a tree of its parts, and the settings or the text of one of them. */
export function ConfigurationPage(): JSX.Element {
  return (
    <QueryProvider>
      <ConfigurationView />
    </QueryProvider>
  )
}

function ConfigurationView(): JSX.Element {
  const params = useParams<{ part?: string }>()
  const part = createMemo(() => partOf(params.part))
  const sources = createSources()
  refreshAfterConfirmation()
  refreshAfterOutsideChange()
  const draft = useDraft()
  const [search] = useSearchParams<{ text?: string }>()
  const places = createDraftPlaces(draft, () => search.text !== undefined)
  const mayChange = useCanChange('config.write')
  const canChange = () => mayChange() && sources.header().write !== 'off'
  const title = () => {
    const shown = part()
    return shown === undefined ? 'Configuration' : titleOf(shown)
  }
  const isUnknown = () => (params.part ?? '') !== '' && part() === undefined
  return (
    <Page
      title={title()}
      back={part() === undefined ? undefined : { href: ROOT, label: 'Configuration' }}
      description={
        <Show
          when={part()}
          fallback="Every setting of fail2ban, its value, and the file and line that it comes from."
        >
          {(shown) => <PartHeader part={shown()} {...sources.header()} />}
        </Show>
      }
      actions={
        <PartActions part={part()} sources={sources.header()} draft={canChange() ? draft : undefined} />
      }
    >
      <Problem message={sources.problem()} />
      <WriteNote write={sources.header().write} />
      <div
        class={styles['columns']}
        data-part={part() === undefined ? undefined : ''}
        data-draft={canChange() && places.isBeside() ? '' : undefined}
      >
        <div class={styles['side']}>
          <ConfigTree
            sources={{ ...sources.tree(), drafted: draft.edits() }}
            loading={sources.isLoading()}
            current={part()}
            draft={canChange() ? draft : undefined}
            write={sources.header().write}
          />
        </div>
        <div class={styles['main']}>
          <Show when={canChange()}>
            <KeptDraft draft={draft} />
            <DraftBar draft={draft} places={places} configDir={sources.header().configDir} />
          </Show>
          <Switch
            fallback={
              <ConfigStart
                files={sources.tree().files}
                configDir={sources.header().configDir}
                draft={canChange() ? draft : undefined}
              />
            }
          >
            <Match when={isUnknown()}>
              <EmptyState title="There is no such part of the configuration">
                Choose one from the list.
              </EmptyState>
            </Match>
            <Match when={part()} keyed>
              {(shown) => <PartView part={shown} sources={sources} />}
            </Match>
          </Switch>
        </div>
        <Show when={canChange() && places.isBeside()}>
          <DraftPanel draft={draft} places={places} configDir={sources.header().configDir} />
        </Show>
      </div>
    </Page>
  )
}

/** What the whole page needs to know. */
function createSources() {
  const api = useApi()
  const parts = useQuery(() => configQueries.parts(api))
  const files = useQuery(() => configQueries.files(api))
  const options = useQuery(() => configQueries.options(api))
  const problem = () => {
    const query = [parts, files].find(({ isError }) => isError)
    return query && describeError(query.error).message
  }
  return {
    options,
    problem,
    isLoading: () => parts.isPending || files.isPending,
    tree: () => ({
      jails: parts.data?.jails,
      filters: parts.data?.filters,
      actions: parts.data?.actions,
      files: files.data?.files,
      options: options.data,
    }),
    header: () => ({
      jails: parts.data?.jails,
      filters: parts.data?.filters,
      actions: parts.data?.actions,
      configDir: files.data?.configDir,
      write: files.data?.write,
    }),
  }
}

type Sources = ReturnType<typeof createSources>

function Problem(props: { message: string | undefined }): JSX.Element {
  return (
    <Show when={props.message}>
      {(message) => (
        <Banner tone="warning" title="Not everything of the configuration can be read.">
          {showHidden(message())}
        </Banner>
      )}
    </Show>
  )
}

/** What the host does not allow, for those who could change it otherwise. */
function WriteNote(props: { write: PartSources['write'] }): JSX.Element {
  const mayChange = useCanChange('config.write')
  return (
    <Show when={mayChange() && props.write === 'off'}>
      <Banner tone="info" role="note" title="The configuration can only be read here">
        BANGUI_CONFIG_WRITE is off on this host. To change the configuration here, set it to jails and restart
        BanGUI.
      </Banner>
    </Show>
  )
}

function PartView(props: { part: ConfigPart; sources: Sources }): JSX.Element {
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
  const vocabulary = () => {
    const options = props.sources.options.data
    return (
      options && vocabularyOf({ part: partOfFile(props.path), settings: [], options, sources: sources() })
    )
  }
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
            <SettingsView
              part={props.part}
              settings={loaded()}
              options={options()}
              sources={props.sources.header()}
              drafted={drafted()}
              draft={canChange() ? draft : undefined}
            />
          )}
        </Loaded>
      )}
    </Loaded>
  )
}

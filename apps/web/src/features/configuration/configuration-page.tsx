import { showHidden } from '@bangui/shared'
import { useParams, useSearchParams } from '@solidjs/router'
import { createMemo, type JSX, Match, Show, Switch } from 'solid-js'
import { QueryProvider } from '../../api/query-provider.tsx'
import { useCanChange } from '../../lib/permissions.ts'
import { Banner } from '../../ui/banner.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Page } from '../../ui/page.tsx'
import { partOf, ROOT, titleOf } from './config-part.ts'
import { createSources } from './config-sources.ts'
import { ConfigStart } from './config-start.tsx'
import { ConfigTree } from './config-tree.tsx'
import styles from './configuration-page.module.css'
import { KeptDraft, useDraft } from './draft.ts'
import { createDraftPlaces, DraftBar } from './draft-bar.tsx'
import { DraftPanel } from './draft-panel.tsx'
import { PartActions } from './part-actions.tsx'
import { PartHeader } from './part-header.tsx'
import type { PartSources } from './part-sources.ts'
import { PartView } from './part-view.tsx'
import { refreshAfterConfirmation, refreshAfterOutsideChange } from './refresh-config.ts'

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

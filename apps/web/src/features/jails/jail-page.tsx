import { type Jail, showHidden } from '@bangui/shared'
import { useParams } from '@solidjs/router'
import { createEffect, createMemo, createSignal, For, type JSX, Match, Show, Switch, untrack } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError } from '../../api/errors.ts'
import { QueryProvider } from '../../api/query-provider.tsx'
import { useQuery } from '../../api/use-query.ts'
import { decodePath } from '../../lib/decode-path.ts'
import { describeCounts, toneOfCounts } from '../../lib/health-counts.ts'
import { describeJail } from '../../lib/jail-state.ts'
import { useCanChange } from '../../lib/permissions.ts'
import { useLive } from '../../live/live-store.tsx'
import { Banner } from '../../ui/banner.tsx'
import { ButtonLink } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Page } from '../../ui/page.tsx'
import { StatusDot } from '../../ui/status-dot.tsx'
import { JailMenu } from './jail-menu.tsx'
import styles from './jail-page.module.css'
import { JailTabs } from './jail-tabs.tsx'
import { jailQueries } from './queries.ts'
import { IdleNote } from './idle-note.tsx'
import { SwitchButtons } from './switch-buttons.tsx'
import { SwitchDialog, type SwitchTarget } from './switch-dialog.tsx'
import { ObservationNote } from './observation-note.tsx'

/** One jail: its state, what it does, and every setting with the file and line that set it. */
export function JailPage(): JSX.Element {
  const params = useParams<{ name: string }>()
  return (
    <QueryProvider>
      <Show when={decodePath(params.name)} keyed>
        {(name) => <JailView name={name} />}
      </Show>
    </QueryProvider>
  )
}

function JailView(props: { name: string }): JSX.Element {
  const live = useLive()
  const canConfigure = useCanChange('config.write')
  const [target, setTarget] = createSignal<SwitchTarget>()
  // oxlint-disable-next-line solid/reactivity -- the view is keyed by the name
  const { detail, jail, isUnknown, wasThere } = createJailDetail(props.name)
  const online = () => live.runtime?.serverStatus.online ?? false

  return (
    <Page
      title={props.name}
      back={isUnknown() && !jail() ? undefined : { href: '/jails', label: 'All jails' }}
      description={
        <Show when={jail()}>
          {(found) => (
            <span class={styles['state']}>
              <StatusDot
                tone={describeJail(found(), online()).tone}
                label={describeJail(found(), online()).word}
                hideLabel
              />
              {describeJail(found(), online()).sentence}
            </span>
          )}
        </Show>
      }
      actions={
        <>
          <Show when={canConfigure() && jail()}>
            {(found) => <SwitchButtons jail={found()} onSwitch={setTarget} />}
          </Show>
          <Show when={jail()}>{(found) => <JailMenu jail={found()} />}</Show>
        </>
      }
    >
      <ObservationNote />
      <Switch>
        <Match when={isUnknown() && !jail()}>
          <NoJail name={props.name} wasThere={wasThere()} />
        </Match>
        <Match when={true}>
          <JailProblem jail={jail()} />
          <JailHints name={props.name} />
          <JailFindings name={props.name} />
          <Show when={jail()}>{(found) => <IdleNote jail={found()} />}</Show>
          <JailTabs
            name={props.name}
            jail={jail()}
            online={online()}
            detail={detail.isSuccess ? detail.data : undefined}
            problem={detail.isError && !isUnknown() ? describeError(detail.error).message : undefined}
            retrying={detail.isFetching}
            onRetry={() => void detail.refetch()}
          />
        </Match>
      </Switch>
      <Show when={target()} keyed>
        {(chosen) => <SwitchDialog target={chosen} onClose={() => setTarget(undefined)} />}
      </Show>
    </Page>
  )
}

/** What the server knows about a jail, by queries and by the live stream. */
function createJailDetail(name: string) {
  const live = useLive()
  const api = useApi()
  const detail = useQuery(() => jailQueries.detail(api, name))
  // counts and states are live, the rest is queried
  const listed = () => live.jails?.find((each) => each.name === name)
  const jail = (): Jail | undefined => listed() ?? (detail.isSuccess ? detail.data : undefined)
  const isUnknown = () => detail.isError && describeError(detail.error).reason === 'jail_unknown'

  // the detail is out of date once the jail is switched
  const switched = () => live.jails && `${listed()?.enabled} ${listed()?.running}`
  const wasThere = createMemo((before: boolean) => before || jail() !== undefined, false)
  createEffect((before: string | undefined) => {
    const now = switched()
    const isKnown = untrack(isUnknown) && !listed()
    if (before !== undefined && now !== undefined && before !== now && !isKnown) void detail.refetch()
    return now ?? before
  })
  return { detail, jail, isUnknown, wasThere }
}

function JailProblem(props: { jail: Jail | undefined }): JSX.Element {
  return (
    <Show when={props.jail?.problem}>
      {(problem) => (
        <Banner
          tone={props.jail?.enabled ? 'danger' : 'warning'}
          title={
            props.jail?.enabled
              ? 'This jail’s configuration has a problem.'
              : 'This jail cannot be activated with its current configuration.'
          }
        >
          {showHidden(problem())}
        </Banner>
      )}
    </Show>
  )
}

/** Names in the jail's configuration that fail2ban does not know. */
function JailHints(props: { name: string }): JSX.Element {
  const live = useLive()
  const hints = () =>
    (live.runtime?.configNotices ?? []).filter(({ kind, jail }) => kind === 'hint' && jail === props.name)
  return (
    <For each={hints()}>
      {({ message, file, line }) => (
        <Banner tone="info" title="This jail’s configuration may contain a mistake.">
          {showHidden(message ?? '')} ({showHidden(file ?? '')}, line {line})
        </Banner>
      )}
    </For>
  )
}

/** The sum of what the checks of the protection found about the jail. */
function JailFindings(props: { name: string }): JSX.Element {
  const live = useLive()
  const found = () => live.runtime?.health.jails.find(({ jail }) => jail === props.name)
  return (
    <Show when={found()}>
      {(counts) => (
        <Banner
          tone={toneOfCounts(counts())}
          title={`Protection: ${describeCounts(counts())}`}
          actions={
            <ButtonLink size="sm" href={`/protection?jail=${encodeURIComponent(props.name)}`}>
              See what was found
            </ButtonLink>
          }
        />
      )}
    </Show>
  )
}

function NoJail(props: { name: string; wasThere: boolean }): JSX.Element {
  return (
    <EmptyState
      title={
        props.wasThere
          ? `${props.name} no longer exists`
          : `The configuration has no jail named ${props.name}`
      }
      action={
        <>
          <ButtonLink href="/jails">All jails</ButtonLink>
          <ButtonLink href={`/activity?jail=${encodeURIComponent(props.name)}`}>Its bans</ButtonLink>
        </>
      }
    >
      It was renamed or removed from fail2ban's files. The history of its bans is kept.
    </EmptyState>
  )
}

import type { LogFile, LogList } from '@bangui/shared'
import { showHidden } from '@bangui/shared'
import { useSearchParams } from '@solidjs/router'
import { createMemo, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { QueryProvider } from '../../api/query-provider.tsx'
import { useQuery } from '../../api/use-query.ts'
import { formatNumber, plural } from '../../lib/format.ts'
import { useCan } from '../../lib/permissions.ts'
import { useLive } from '../../live/live-store.tsx'
import { Banner } from '../../ui/banner.tsx'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { LogReadersOnly } from '../../ui/log-readers-only.tsx'
import { Page } from '../../ui/page.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { Select } from '../../ui/select.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Switch } from '../../ui/switch.tsx'
import { createLogStream, type LogChoice } from './create-log-stream.ts'
import { LogLines } from './log-lines.tsx'
import { filterLines, levelChoices, unmarkedWords } from './log-words.ts'
import { logQueries } from './queries.ts'
import styles from './logs-page.module.css'

type LogParams = {
  log?: string
  journal?: string
  jail?: string
  level?: string
  search?: string
  matches?: string
}

/** fail2ban's own log, and the logs that jails read, as they are written. */
export function LogsPage(): JSX.Element {
  const mayRead = useCan('logs.read')
  return (
    <QueryProvider>
      <Page
        title="Logs"
        description="fail2ban’s own log, and the logs in which its jails look for failures. New lines appear as they are written."
        actions={
          <Show when={mayRead()}>
            <ButtonLink href="/regex-lab">Regex lab</ButtonLink>
          </Show>
        }
      >
        <LogReadersOnly title="Logs are for operators and administrators">
          <Logs />
        </LogReadersOnly>
      </Page>
    </QueryProvider>
  )
}

function Logs(): JSX.Element {
  const api = useApi()
  const list = useQuery(() => logQueries.list(api))
  return (
    <Loaded query={list} what="The list of logs" fallback={<Skeleton lines={6} />}>
      {(found) => <LogView list={found()} />}
    </Loaded>
  )
}

function LogView(props: { list: LogList }): JSX.Element {
  const api = useApi()
  const [params, setParams] = useSearchParams<LogParams>()
  const set = (next: LogParams) => setParams(next, { replace: true, scroll: false })
  const file = () => props.list.files.find(({ path }) => path === params.log)
  const isOwn = () => (params.log === undefined && params.journal === undefined) || file()?.kind === 'own'
  const readers = () =>
    file()?.jails ?? props.list.journals.find(({ matches }) => matches === params.journal)?.jails ?? []
  const highlighting = () => (params.jail && readers().includes(params.jail) ? params.jail : readers()[0])
  const choice = createMemo(
    (): LogChoice => ({
      ...(params.log !== undefined && { log: params.log }),
      ...(params.journal !== undefined && { journal: params.journal }),
      ...(!isOwn() && highlighting() !== undefined && { jail: highlighting() ?? '' }),
    }),
    {},
    { equals: (before, after) => JSON.stringify(before) === JSON.stringify(after) },
  )
  const stream = createLogStream(api, choice)
  const lines = createMemo(() =>
    filterLines(
      stream.lines(),
      {
        search: params.search ?? '',
        jail: isOwn() ? (params.jail ?? '') : '',
        level: params.level ?? '',
        onlyMatches: params.matches === 'only' && !isOwn(),
      },
      isOwn(),
    ),
  )
  return (
    <Card flush>
      <LogToolbar list={props.list} params={params} own={isOwn()} readers={readers()} onChange={set} />
      <div class={styles['state']}>
        <span role="status">
          {stream.isPaused()
            ? `Paused: ${plural(stream.waiting(), 'new line')}`
            : `${formatNumber(lines().length)} of the last ${plural(stream.lines().length, 'line')}`}
        </span>
        <span class={styles['buttons']}>
          <Show when={!isOwn() && readers().length > 0}>
            <Switch
              label="Only failures"
              checked={params.matches === 'only'}
              onChange={(only) => set({ matches: only ? 'only' : undefined })}
            />
          </Show>
          <Button size="sm" onClick={() => stream.pause(!stream.isPaused())}>
            {stream.isPaused() ? 'Follow' : 'Pause'}
          </Button>
        </span>
      </div>
      <Show when={stream.unmarked()}>
        {(why) => <p class={styles['unmarked']}>{unmarkedWords[why()]}</p>}
      </Show>
      <Show when={stream.problem()}>
        {(problem) => (
          <div class={styles['notice']}>
            <Banner tone="warning" title="This log cannot be read">
              {showHidden(problem())}
            </Banner>
          </div>
        )}
      </Show>
      <Show
        when={lines().length > 0}
        fallback={
          <Show when={!stream.isLoading()} fallback={<Skeleton lines={6} />}>
            <EmptyState title={stream.lines().length > 0 ? 'No line fits the filter' : 'No lines yet'}>
              New lines appear here.
            </EmptyState>
          </Show>
        }
      >
        <LogLines lines={lines()} own={isOwn()} follows={!stream.isPaused()} />
      </Show>
    </Card>
  )
}

type ToolbarProps = {
  list: LogList
  params: LogParams
  own: boolean
  readers: readonly string[]
  onChange: (next: LogParams) => void
}

const describeFile = ({ path, jails }: LogFile) =>
  jails.length === 0 ? path : `${path} (${jails.slice(0, 3).join(', ')}${jails.length > 3 ? ', …' : ''})`

/** The choices of logs: a path begins with a slash, entries of the journal are marked. */
const sourceOptions = ({ files, journals }: LogList) => [
  { value: '', label: 'fail2ban’s own log' },
  ...files
    .filter(({ kind, problem }) => kind !== 'own' && (problem === null || kind === 'jail'))
    .map((file) => ({ value: file.path, label: describeFile(file) })),
  ...journals.map(({ matches, jails }) => ({
    value: `journal:${matches}`,
    label: `Journal: ${matches} (${jails.join(', ')})`,
  })),
]

function LogToolbar(props: ToolbarProps): JSX.Element {
  const live = useLive()
  const chosen = () =>
    props.params.journal === undefined ? (props.params.log ?? '') : `journal:${props.params.journal}`
  const choose = (value: string) =>
    props.onChange({
      log: value.startsWith('/') ? value : undefined,
      journal: value.startsWith('journal:') ? value.slice('journal:'.length) : undefined,
      jail: undefined,
      level: undefined,
      matches: undefined,
    })
  const jailNames = () => (props.own ? (live.jails ?? []).map(({ name }) => name) : props.readers)
  const asOptions = (names: readonly string[]) => names.map((name) => ({ value: name, label: name }))
  return (
    <div class={styles['toolbar']} role="search">
      <div class={styles['source']}>
        <Select label="Log" value={chosen()} options={sourceOptions(props.list)} onChange={choose} />
      </div>
      <Show when={props.own}>
        <Select
          label="Level"
          value={props.params.level ?? ''}
          options={levelChoices}
          onChange={(level) => props.onChange({ level: level || undefined })}
        />
      </Show>
      <Show when={props.own || props.readers.length > 1}>
        <Select
          label={props.own ? 'Jail' : 'Highlight failures of'}
          value={props.params.jail ?? ''}
          options={[...(props.own ? [{ value: '', label: 'All jails' }] : []), ...asOptions(jailNames())]}
          onChange={(jail) => props.onChange({ jail: jail || undefined })}
        />
      </Show>
      <SearchField
        label="Search the lines"
        placeholder="Search the lines"
        value={props.params.search ?? ''}
        onSearch={(search) => props.onChange({ search: search || undefined })}
      />
    </div>
  )
}

import {
  type CheckedLog,
  type CheckedPath,
  type CheckLogsInput,
  logCheckLimits,
  showHidden,
} from '@bangui/shared'
import { For, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useQuery } from '../../api/use-query.ts'
import { formatBytes, formatNumber, plural } from '../../lib/format.ts'
import { createInView } from '../../lib/in-view.ts'
import { useCan } from '../../lib/permissions.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import styles from './log-status.module.css'
import { configQueries } from './queries.ts'

/** The files of a `logpath` as they are now; it looks again every few seconds while the page is visible. */
export function LogStatus(props: {
  paths: readonly string[]
  /** entries of the journal, as in `journalmatch` */
  journal?: string | undefined
  filter: CheckLogsInput['filter'] | undefined
}): JSX.Element {
  const mayRead = useCan('logs.read')
  const view = createInView()
  return (
    <div ref={view.watch} class={styles['status']}>
      <Show when={mayRead() && view.seen() && (props.paths.length > 0 || props.journal !== undefined)}>
        <Checked paths={props.paths} journal={props.journal} filter={props.filter} />
      </Show>
    </div>
  )
}

function Checked(props: {
  paths: readonly string[]
  journal: string | undefined
  filter: CheckLogsInput['filter'] | undefined
}): JSX.Element {
  const api = useApi()
  const checked = useQuery(() =>
    configQueries.checkLogs(api, {
      paths: props.paths.slice(0, logCheckLimits.paths),
      journal: props.journal,
      filter: props.filter,
    }),
  )
  return (
    <Show
      when={checked.data}
      fallback={
        <p class={styles['none']}>
          {checked.isError ? 'The state of these files is currently not known.' : 'Checking the files …'}
        </p>
      }
    >
      {(paths) => (
        <ul class={styles['paths']} aria-label="State of the log files">
          <For each={paths()}>{(path) => <PathStatus path={path} />}</For>
        </ul>
      )}
    </Show>
  )
}

function PathStatus(props: { path: CheckedPath }): JSX.Element {
  return (
    <Show
      when={props.path.files.length > 0}
      fallback={
        <li class={styles['file']} data-tone="warning">
          <code class={styles['path']}>{showHidden(props.path.path)}</code>
          <span class={styles['facts']}>
            {props.path.path.startsWith('/') ? 'No file matches this path.' : 'Not a path.'}
          </span>
        </li>
      }
    >
      <For each={props.path.files}>{(file) => <FileStatus file={file} />}</For>
      <Show when={props.path.more > 0}>
        <li class={styles['none']}>{`and ${plural(props.path.more, 'more file')}`}</li>
      </Show>
    </Show>
  )
}

/** One log file in one line: size, when it was written last, and what matches in it now. */
export function FileStatus(props: { file: CheckedLog }): JSX.Element {
  const tone = () => (props.file.problem === null ? 'ok' : props.file.exists ? 'danger' : 'warning')
  return (
    <li class={styles['file']} data-tone={tone()}>
      <code class={styles['path']}>{showHidden(props.file.path)}</code>
      <span class={styles['facts']}>
        <Show when={props.file.problem === null} fallback={showHidden(props.file.problem ?? '')}>
          <Show when={props.file.size !== null}>{formatBytes(props.file.size ?? 0)}</Show>
          <Show when={props.file.changedAt}>
            {(time) => (
              <span>
                written <RelativeTime time={time()} />
              </span>
            )}
          </Show>
          <Show when={props.file.matches}>
            {(matches) => (
              <span class={styles['matches']} data-none={matches().matched === 0 ? '' : undefined}>
                {matches().lines === 0
                  ? 'empty'
                  : `${formatNumber(matches().matched)} of the last ${plural(matches().lines, 'line')} ${matches().matched === 1 ? 'matches' : 'match'}`}
              </span>
            )}
          </Show>
        </Show>
      </span>
    </li>
  )
}

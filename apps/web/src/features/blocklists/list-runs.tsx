import { type ImportRun, showHidden } from '@bangui/shared'
import { For, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useQuery } from '../../api/use-query.ts'
import { Badge } from '../../ui/badge.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import styles from './blocklists.module.css'
import { describeRun, runWords } from './list-words.ts'
import { blocklistQueries } from './queries.ts'

/** The last runs of a list, newest first. */
export function ListRuns(props: { id: number; state: string }): JSX.Element {
  const api = useApi()
  const query = useQuery(() => blocklistQueries.runs(api, props.id, props.state))
  return (
    <Loaded query={query} what="The runs" fallback={<Skeleton lines={3} height="20px" />}>
      {(runs) => (
        <Show when={runs().length > 0} fallback={<p class={styles['note']}>It was never imported.</p>}>
          <ul class={styles['runs']} aria-label="Runs, newest first">
            <For each={runs()}>{(run) => <Run run={run} />}</For>
          </ul>
        </Show>
      )}
    </Loaded>
  )
}

function Run(props: { run: ImportRun }): JSX.Element {
  const words = () => runWords[props.run.status]
  return (
    <li class={styles['run']}>
      <Badge tone={words().tone}>{words().words}</Badge>
      <RelativeTime time={props.run.startedAt} />
      <span class={styles['what']}>
        {describeRun(props.run)}
        <Show when={props.run.message}>
          {(why) => <span class={styles['why']}>{showHidden(why())}</span>}
        </Show>
      </span>
      <span class={styles['who']}>
        {props.run.by === null ? 'by its schedule' : `by ${showHidden(props.run.by)}`}
      </span>
    </li>
  )
}

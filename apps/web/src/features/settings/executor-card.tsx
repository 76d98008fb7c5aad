import { showHidden } from '@bangui/shared'
import { type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useQuery } from '../../api/use-query.ts'
import { formatDuration } from '../../lib/format.ts'
import { Card } from '../../ui/card.tsx'
import { Fact, Facts } from '../../ui/facts.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { settingsQueries } from './queries.ts'

/** The process that runs the jobs of this database. */
export function ExecutorCard(): JSX.Element {
  const api = useApi()
  const executor = useQuery(() => settingsQueries.executor(api))
  return (
    <Card
      title="Executor"
      description="The process that runs the background jobs. Only one process per database may run them."
    >
      <Loaded query={executor} what="The executor" fallback={<Skeleton lines={4} height="20px" />}>
        {(data) => (
          <Show when={data()} fallback="No process holds the lock.">
            {(holder) => (
              <Facts>
                <Fact term="Process">
                  {holder().pid} on {showHidden(holder().hostname)}
                  {holder().thisProcess ? ' (this one)' : ''}
                </Fact>
                <Fact term="Holds the lock since">
                  <RelativeTime time={holder().createdAt} />
                </Fact>
                <Fact
                  term="Heartbeat"
                  hint="Written every 10 seconds. After 60 seconds without a heartbeat, the process counts as dead."
                >
                  {formatDuration(holder().heartbeatAgeSeconds)} ago
                </Fact>
              </Facts>
            )}
          </Show>
        )}
      </Loaded>
    </Card>
  )
}

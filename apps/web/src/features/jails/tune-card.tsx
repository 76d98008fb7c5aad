import type { JailDetail } from '@bangui/shared'
import type { JSX } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useQuery } from '../../api/use-query.ts'
import { Card } from '../../ui/card.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { jailQueries } from './queries.ts'
import { TuneFields } from './tune-fields.tsx'

/** The settings that a running jail uses, to be changed until the next reload or permanently. */
export function TuneCard(props: {
  name: string
  detail: JailDetail | undefined
  /** the jail is running and can be tuned */
  runs: boolean
}): JSX.Element {
  const api = useApi()
  const tuning = useQuery(() => ({ ...jailQueries.tuning(api, props.name), enabled: props.runs }))
  return (
    <Card
      title="Settings in effect"
      description="The values that the running jail uses. A change takes effect immediately and lasts until the jail reloads, unless you also save it."
    >
      <Loaded query={tuning} what="The settings in effect" fallback={<Skeleton lines={4} height="32px" />}>
        {(data) => <TuneFields name={props.name} detail={props.detail} now={data()} runs={props.runs} />}
      </Loaded>
    </Card>
  )
}

import { type GeoStatus, showHidden } from '@bangui/shared'
import { type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useQuery } from '../../api/use-query.ts'
import { Card } from '../../ui/card.tsx'
import { Fact, Facts } from '../../ui/facts.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { settingsQueries } from './queries.ts'

const providers: Readonly<Record<GeoStatus['provider'], string>> = {
  file: 'Your own file',
  bundled: 'The database that comes with BanGUI',
  service: 'An online lookup service',
  none: 'None: countries are not shown',
}

/** The source of countries and networks of addresses. */
export function GeoCard(): JSX.Element {
  const api = useApi()
  const status = useQuery(() => settingsQueries.geo(api))
  return (
    <Card
      title="Country lookup"
      description="Local files are used first. Nothing is sent over the network unless online lookup is enabled above."
    >
      <Loaded query={status} what="The source of locations" fallback={<Skeleton lines={3} height="20px" />}>
        {(data) => (
          <Facts>
            <Fact term="Source">{providers[data().provider]}</Fact>
            <Fact term="In detail">{showHidden(data().message)}</Fact>
            <Show when={data().builtAt}>
              {(builtAt) => (
                <Fact term="Built">
                  <RelativeTime time={builtAt()} />
                </Fact>
              )}
            </Show>
            <Fact term="Networks (ASN)">
              {data().hasNetworks
                ? 'Known'
                : 'Not in this file. Set BANGUI_GEO_FILE to a file that contains networks'}
            </Fact>
          </Facts>
        )}
      </Loaded>
    </Card>
  )
}

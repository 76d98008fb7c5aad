import { useSearchParams } from '@solidjs/router'
import { createMemo, type JSX, Show } from 'solid-js'
import { ApiProvider, useApi } from '../api/api-context.tsx'
import { apiForHost } from '../api/api-for-host.ts'
import { PageHostContext } from '../lib/page-host.ts'
import { LiveHostProvider } from '../live/live-store.tsx'

/** Makes the pages be about the host that the URL names (`?host=<key>`). Another host begins them anew. */
export function PageHostProvider(props: { children: JSX.Element }): JSX.Element {
  const [params] = useSearchParams<{ host?: string }>()
  const api = useApi()
  // wrapped, so that the default host, which has no name, is shown as well
  const host = createMemo(() => ({ key: params.host || undefined }), undefined, {
    equals: (before, after) => before.key === after.key,
  })
  return (
    <Show when={host()} keyed>
      {({ key }) => (
        <PageHostContext.Provider value={key}>
          <ApiProvider api={apiForHost(api, key)}>
            <LiveHostProvider host={key}>{props.children}</LiveHostProvider>
          </ApiProvider>
        </PageHostContext.Provider>
      )}
    </Show>
  )
}

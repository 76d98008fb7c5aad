import { useQueryClient } from '@tanstack/solid-query'
import { createSignal, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import type { Api } from '../../api/client.ts'
import { describeError } from '../../api/errors.ts'
import { useQuery } from '../../api/use-query.ts'
import { plural } from '../../lib/format.ts'
import { AsyncButton } from '../../ui/async-button.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Banner } from '../../ui/banner.tsx'
import { Card } from '../../ui/card.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { toast } from '../../ui/toast.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { settingsQueries } from './queries.ts'
import styles from './settings.module.css'
import { describeUserAgent } from './user-agent.ts'

type SessionRow = Awaited<ReturnType<Api['auth']['sessions']['query']>>[number]

const columns: readonly Column<SessionRow>[] = [
  {
    key: 'device',
    header: 'Device',
    cell: (session) => (
      <span class={styles['buttons']} data-tooltip={session.userAgent ?? undefined}>
        {describeUserAgent(session.userAgent)}
        <Show when={session.current}>
          <Badge tone="ok">This device</Badge>
        </Show>
      </span>
    ),
  },
  {
    key: 'address',
    header: 'Address',
    cell: (session) => <span class={styles['mono']}>{session.remoteAddress ?? 'unknown'}</span>,
  },
  { key: 'seen', header: 'Last used', cell: (session) => <RelativeTime time={session.lastSeenAt} /> },
  { key: 'since', header: 'Signed in', cell: (session) => <RelativeTime time={session.createdAt} /> },
]

/** The user's sessions. */
export function SessionsCard(): JSX.Element {
  const api = useApi()
  const client = useQueryClient()
  const sessions = useQuery(() => settingsQueries.sessions(api))
  const [problem, setProblem] = createSignal<string>()
  const others = () => (sessions.isSuccess ? sessions.data.filter((session) => !session.current).length : 0)

  const end = async (work: () => Promise<unknown>, done: string) => {
    setProblem(undefined)
    try {
      await work()
      toast({ tone: 'ok', title: done })
    } catch (error) {
      setProblem(describeError(error).message)
    } finally {
      await client.invalidateQueries({ queryKey: settingsQueries.sessions(api).queryKey })
    }
  }

  return (
    <Card
      title="Sessions"
      description="If you do not recognise a session, end it and change your password."
      flush
      actions={
        <Show when={others() > 0}>
          <AsyncButton
            size="sm"
            onPress={() =>
              end(() => api.auth.endOtherSessions.mutate(), `${plural(others(), 'session')} ended`)
            }
          >
            End all others
          </AsyncButton>
        </Show>
      }
    >
      <Show when={problem()}>
        <Banner tone="danger" role="alert" title="The session was not ended.">
          {problem()}
        </Banner>
      </Show>
      <Loaded
        query={sessions}
        what="The sessions"
        fallback={<DataTable caption="Sessions" columns={columns} rows={undefined} expected={2} />}
      >
        {(data) => (
          <DataTable
            caption="Sessions"
            columns={columns}
            rows={data()}
            rowActions={(session) => (
              <Show when={!session.current}>
                <AsyncButton
                  size="sm"
                  aria-label={`End the session of ${describeUserAgent(session.userAgent)}`}
                  onPress={() => end(() => api.auth.endSession.mutate({ id: session.id }), 'Session ended')}
                >
                  End
                </AsyncButton>
              </Show>
            )}
          />
        )}
      </Loaded>
    </Card>
  )
}

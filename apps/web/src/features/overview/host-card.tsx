import { createSignal, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError } from '../../api/errors.ts'
import { useLive } from '../../live/live-store.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Fact, Facts } from '../../ui/facts.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { toast } from '../../ui/toast.tsx'

/** Which machine this is, and when it was looked at. */
export function HostCard(): JSX.Element {
  const live = useLive()
  const api = useApi()
  const [checking, setChecking] = createSignal(false)
  const check = async () => {
    setChecking(true)
    try {
      await api.server.probe.mutate()
    } catch (error) {
      toast({ tone: 'danger', title: 'fail2ban could not be checked', text: describeError(error).message })
    } finally {
      setChecking(false)
    }
  }
  return (
    <Card
      title="Host"
      actions={
        <Button size="sm" loading={checking()} onClick={() => void check()}>
          Check now
        </Button>
      }
    >
      <Show when={live.runtime} fallback={<Skeleton lines={4} height="20px" />}>
        {(runtime) => (
          <Facts>
            <Fact term="Name">{runtime().node}</Fact>
            <Fact term="fail2ban">{runtime().serverStatus.version ?? 'not known'}</Fact>
            <Fact term="Seen up since">
              <Moment time={runtime().onlineSince} />
            </Fact>
            <Fact term="Last update">
              <Moment time={live.lastMessageAt ?? null} />
            </Fact>
            <Fact term="BanGUI">{runtime().version}</Fact>
          </Facts>
        )}
      </Show>
    </Card>
  )
}

const Moment = (props: { time: number | null }): JSX.Element => (
  <Show when={props.time} fallback="–">
    {(time) => <RelativeTime time={time()} />}
  </Show>
)

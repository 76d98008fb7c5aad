import { showHidden } from '@bangui/shared'
import { createSignal, type JSX, Show } from 'solid-js'
import { describeError } from '../../api/errors.ts'
import { useStatsApi } from '../../api/stats-api.ts'
import { formatExact, plural } from '../../lib/format.ts'
import { createOperationId } from '../../lib/operation-id.ts'
import { useCan, useCanChange } from '../../lib/permissions.ts'
import { useLive } from '../../live/live-store.tsx'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { toast } from '../../ui/toast.tsx'

/** Says which bans a crash of fail2ban lost, with a button that bans them again. */
export function LostBansBanner(): JSX.Element {
  const live = useLive()
  const api = useStatsApi()
  const canBan = useCanChange('bans.write')
  const canDismiss = useCan('bans.write')
  const [doing, setDoing] = createSignal<'ban' | 'dismiss'>()
  const [problem, setProblem] = createSignal<{ readonly title: string; readonly why: string }>()
  const lost = () => live.runtime?.lostBans ?? undefined
  const online = () => live.runtime?.serverStatus.online === true

  const run = async (what: 'ban' | 'dismiss') => {
    setDoing(what)
    setProblem(undefined)
    try {
      if (what === 'dismiss') await api.bans.dismissLost.mutate()
      else {
        const { banned } = await api.bans.banLost.mutate({ operationId: createOperationId() })
        toast({ tone: 'ok', title: `${plural(banned, 'address', 'addresses')} banned again` })
      }
    } catch (error) {
      setProblem({
        title: what === 'ban' ? 'Could not ban the addresses again.' : 'Could not dismiss this notice.',
        why: describeError(error).message,
      })
    } finally {
      setDoing(undefined)
    }
  }

  return (
    <Show when={lost()}>
      {(found) => (
        <Banner
          bar
          tone="warning"
          role="alert"
          title={`${plural(found().count, 'ban')} ${found().count === 1 ? 'was' : 'were'} lost in the crash.`}
          actions={
            <Show when={canDismiss()}>
              <Show when={canBan()}>
                <Button
                  size="sm"
                  variant="primary"
                  loading={doing() === 'ban'}
                  unavailable={!online() && 'fail2ban is not running'}
                  onClick={() => void run('ban')}
                >
                  Ban again
                </Button>
              </Show>
              <Button size="sm" loading={doing() === 'dismiss'} onClick={() => void run('dismiss')}>
                Dismiss
              </Button>
            </Show>
          }
        >
          fail2ban ended at {formatExact(found().at)} before it had saved{' '}
          {found()
            .jails.map(({ jail, count }) => `${plural(count, 'ban')} of ${showHidden(jail)}`)
            .join(', ')}
          .
          <Show when={problem()}>
            {(failed) => (
              <p>
                <strong>{failed().title}</strong> {failed().why}
              </p>
            )}
          </Show>
        </Banner>
      )}
    </Show>
  )
}

import { type HealthAction, type ListedFinding, showHidden } from '@bangui/shared'
import { createSignal, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import type { Api } from '../../api/client.ts'
import { describeError } from '../../api/errors.ts'
import { describeActivity } from '../../lib/activity.ts'
import { plural } from '../../lib/format.ts'
import { useCanChange } from '../../lib/permissions.ts'
import { useLive } from '../../live/live-store.tsx'
import { Button } from '../../ui/button.tsx'
import { toast } from '../../ui/toast.tsx'
import { FailedBanner, type FailedProblem } from './failed-banner.tsx'

/** What BanGUI can do about a finding. */
type Remedy = {
  label: string
  done: string
  permission: Parameters<typeof useCanChange>[0]
  /** returns fail2ban's output if fail2ban refused it */
  run: (api: Api) => Promise<{ readonly applied: boolean; readonly output: string | null }>
}

const done = async (work: Promise<unknown>) => {
  await work
  return { applied: true, output: null }
}

/** Returns what a verb of the host does, as a button. */
function remedyOf({ kind, jail, addresses }: HealthAction): Remedy {
  const name = jail ?? ''
  const shown = showHidden(name)
  const ofJail = { permission: 'jails.control' } as const
  const ofDaemon = { permission: 'daemon.control' } as const
  switch (kind) {
    case 'jail.start':
      return {
        ...ofJail,
        label: `Start ${shown}`,
        done: `${shown} started`,
        run: (api) => api.jails.start.mutate({ name }),
      }
    case 'jail.reload':
      return {
        ...ofJail,
        label: `Reload ${shown}`,
        done: `${shown} reloaded`,
        run: (api) => api.jails.reload.mutate({ name }),
      }
    case 'jail.restart':
      return {
        ...ofJail,
        label: `Restart ${shown}`,
        done: `${shown} restarted`,
        run: (api) => api.jails.restart.mutate({ name }),
      }
    case 'jail.resume':
      return {
        ...ofJail,
        label: `Resume ${shown}`,
        done: `${shown} resumed`,
        run: (api) => api.jails.setIdle.mutate({ name, idle: false }),
      }
    case 'daemon.start':
      return {
        ...ofDaemon,
        label: 'Start fail2ban',
        done: 'fail2ban started',
        run: (api) => done(api.server.start.mutate()),
      }
    case 'daemon.restart':
      return {
        ...ofDaemon,
        label: 'Restart fail2ban',
        done: 'fail2ban restarted',
        run: (api) => done(api.server.restart.mutate()),
      }
    case 'bans.unban': {
      const what =
        addresses.length === 1 ? (addresses[0] ?? '') : plural(addresses.length, 'address', 'addresses')
      return {
        permission: 'bans.write',
        label: `Unban ${what}`,
        done: `${what} unbanned`,
        run: (api) => done(api.bans.unban.mutate({ addresses, ...(jail !== null && { jail }) })),
      }
    }
  }
}

/** The button that does something about a finding, where the user may. */
export function FindingAction(props: { finding: ListedFinding }): JSX.Element {
  const remedy = () => props.finding.action && remedyOf(props.finding.action)
  return (
    <Show when={remedy()} keyed>
      {(found) => <RemedyButton remedy={found} />}
    </Show>
  )
}

function RemedyButton(props: { remedy: Remedy }): JSX.Element {
  const api = useApi()
  const live = useLive()
  // oxlint-disable-next-line solid/reactivity -- the button is keyed by the remedy
  const isAllowed = useCanChange(props.remedy.permission)
  const [busy, setBusy] = createSignal(false)
  const [problem, setProblem] = createSignal<FailedProblem>()
  const activity = () => (busy() ? undefined : describeActivity(live.runtime))
  const run = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      const { applied, output } = await props.remedy.run(api)
      if (applied)
        toast({
          tone: 'ok',
          title: props.remedy.done,
          text: 'The checks run again in about a minute, once fail2ban has started or loaded its jails.',
        })
      else setProblem({ why: 'fail2ban refused the command.', output })
    } catch (error) {
      setProblem({ why: describeError(error).message, output: null })
    } finally {
      setBusy(false)
    }
  }
  return (
    <Show when={isAllowed()}>
      <Button size="sm" loading={busy()} unavailable={activity()} onClick={() => void run()}>
        {props.remedy.label}
      </Button>
      <Show when={problem()}>{(found) => <FailedBanner title="The action failed." problem={found()} />}</Show>
    </Show>
  )
}

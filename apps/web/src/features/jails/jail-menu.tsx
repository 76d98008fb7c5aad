import type { Jail } from '@bangui/shared'
import Ellipsis from 'lucide-solid/icons/ellipsis'
import Pause from 'lucide-solid/icons/pause'
import Play from 'lucide-solid/icons/play'
import RotateCw from 'lucide-solid/icons/rotate-cw'
import Square from 'lucide-solid/icons/square'
import StepForward from 'lucide-solid/icons/step-forward'
import { createSignal, type JSX, Show } from 'solid-js'
import { describeActivity } from '../../lib/activity.ts'
import { useCanChange } from '../../lib/permissions.ts'
import { useLive } from '../../live/live-store.tsx'
import { LazyMenu } from '../../ui/lazy-menu.tsx'
import type { MenuItem } from '../../ui/menu.tsx'
import { type JailAction, useJailActions, type ActionProblem } from './jail-actions.ts'
import { StopDialog } from './stop-dialog.tsx'
import { ActionProblemDialog } from './action-problem.tsx'

/** The menu that starts, stops, reloads, pauses or resumes a jail. */
export function JailMenu(props: { jail: Jail }): JSX.Element {
  const live = useLive()
  const run = useJailActions()
  const canControl = useCanChange('jails.control')
  const [stopping, setStopping] = createSignal(false)
  const [problem, setProblem] = createSignal<ActionProblem>()
  const start = async (verb: JailAction, name: string) => setProblem(await run(verb, name))
  const online = () => live.runtime?.serverStatus.online === true
  const busy = () => describeActivity(live.runtime) !== undefined
  const items = (): MenuItem[] => {
    const name = props.jail.name
    if (!props.jail.running)
      return [
        {
          label: 'Start',
          icon: <Play />,
          disabled: busy() || !props.jail.enabled,
          onSelect: () => void start('start', name),
        },
      ]
    return [
      {
        label: 'Reload',
        icon: <RotateCw />,
        disabled: busy(),
        onSelect: () => void start('reload', name),
      },
      ...(props.jail.idle
        ? []
        : [
            {
              label: 'Pause (idle)',
              icon: <Pause />,
              disabled: busy(),
              onSelect: () => void start('pause', name),
            },
          ]),
      // always there: fail2ban does not report a jail that was paused elsewhere
      {
        label: 'Resume',
        icon: <StepForward />,
        disabled: busy(),
        onSelect: () => void start('resume', name),
      },
      {
        label: 'Stop…',
        icon: <Square />,
        tone: 'danger',
        separated: true,
        disabled: busy(),
        onSelect: () => setStopping(true),
      },
    ]
  }
  return (
    <Show when={canControl() && online()}>
      <LazyMenu
        label={`Actions for ${props.jail.name}`}
        trigger={<Ellipsis aria-hidden="true" />}
        items={items}
        tooltip={false}
      />
      <Show when={stopping()}>
        <StopDialog jail={props.jail} onClose={() => setStopping(false)} />
      </Show>
      <Show when={problem()}>
        {(found) => <ActionProblemDialog problem={found()} onClose={() => setProblem(undefined)} />}
      </Show>
    </Show>
  )
}

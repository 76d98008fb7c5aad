import { type Jail, showHidden } from '@bangui/shared'
import { For, type JSX } from 'solid-js'
import { describeActivity } from '../../lib/activity.ts'
import { describeJail, type JailState } from '../../lib/jail-state.ts'
import { useLive } from '../../live/live-store.tsx'
import { Button } from '../../ui/button.tsx'
import type { SwitchTarget } from './switch-dialog.tsx'

/** The actions of a jail in each state, the likelier first; a jail that is not in the configuration cannot be switched. */
const offers: Record<JailState['kind'], readonly boolean[]> = {
  running: [false],
  idle: [false],
  off: [true],
  down: [true, false],
  logless: [false],
  waiting: [false],
  leftover: [false, true],
  stranger: [],
}

/** Buttons that switch a jail on or off. */
export function SwitchButtons(props: {
  jail: Jail
  size?: 'sm' | 'md'
  /** only the likelier of two */
  only?: 'first'
  onSwitch: (target: SwitchTarget) => void
}): JSX.Element {
  const live = useLive()
  const offered = () => {
    const all = offers[describeJail(props.jail, live.runtime?.serverStatus.online ?? false).kind]
    return props.only === 'first' ? all.slice(0, 1) : all
  }
  const verb = (enabled: boolean) => (enabled ? 'Activate' : 'Deactivate')
  return (
    <For each={offered()}>
      {(enabled) => (
        <Button
          size={props.size ?? 'md'}
          unavailable={describeActivity(live.runtime)}
          aria-label={`${verb(enabled)} ${showHidden(props.jail.name)}`}
          onClick={() => props.onSwitch({ name: props.jail.name, enabled })}
        >
          {verb(enabled)}
        </Button>
      )}
    </For>
  )
}

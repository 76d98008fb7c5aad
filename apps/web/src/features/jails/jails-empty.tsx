import Fence from 'lucide-solid/icons/fence'
import { type JSX, Match, Switch } from 'solid-js'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import type { JailListFilter } from './jail-view.ts'

const nothing: Record<JailListFilter, readonly [string, string]> = {
  all: [
    'No jail is configured',
    'fail2ban’s package ships many in jail.conf, but BanGUI found none. Check that BanGUI reads the right folder.',
  ],
  running: ['No jail is running', 'No log is being watched. Activate a jail, such as sshd.'],
  off: ['No jail is off', 'Every configured jail is enabled.'],
  attention: ['No jail needs attention', 'Every enabled jail is running, and its configuration is valid.'],
}

/** Shown if there are no jails: why, and what to do. */
export function JailsEmpty(props: {
  filter: JailListFilter
  search: string
  onReset: () => void
}): JSX.Element {
  const reset = (label: string) => <Button onClick={() => props.onReset()}>{label}</Button>
  return (
    <Switch>
      <Match when={props.search !== ''}>
        <EmptyState
          icon={<Fence />}
          title={`No jail matches “${props.search}”`}
          action={reset('Show all jails')}
        >
          BanGUI searches names, filters and logs.
        </EmptyState>
      </Match>
      <Match when={props.filter !== 'all'}>
        <EmptyState icon={<Fence />} title={nothing[props.filter][0]} action={reset('Show all jails')}>
          {nothing[props.filter][1]}
        </EmptyState>
      </Match>
      <Match when={props.filter === 'all'}>
        <EmptyState
          icon={<Fence />}
          title={nothing.all[0]}
          action={<ButtonLink href="/settings?tab=fail2ban">Show the connection</ButtonLink>}
        >
          {nothing.all[1]}
        </EmptyState>
      </Match>
    </Switch>
  )
}

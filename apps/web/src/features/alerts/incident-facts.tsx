import { type Incident, showHidden } from '@bangui/shared'
import { type JSX, Show } from 'solid-js'
import { formatExact, plural } from '../../lib/format.ts'
import { Badge } from '../../ui/badge.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { incidentStates } from './alert-words.ts'
import styles from './alerts.module.css'

/** The state of an incident, and whether it is muted. */
export function IncidentStateBadge(props: { incident: Incident }): JSX.Element {
  const state = () => incidentStates[props.incident.state]
  return (
    <>
      <Badge tone={state().tone} tooltip={state().meaning}>
        {state().word}
      </Badge>
      <Show when={props.incident.state !== 'resolved' && props.incident.mutedUntil}>
        {(until) => <Badge tooltip={`Nothing is sent about it until ${formatExact(until())}.`}>Muted</Badge>}
      </Show>
    </>
  )
}

/** When an incident began and ended, by which rule, and who takes care of it: one line. */
export function IncidentFacts(props: { incident: Incident }): JSX.Element {
  return (
    <p class={styles['facts']}>
      {showHidden(props.incident.hostName)} · {showHidden(props.incident.ruleName)} · opened{' '}
      <RelativeTime time={props.incident.openedAt} />
      <Show when={props.incident.count > 1}> · {plural(props.incident.count, 'event')}</Show>
      <Show when={props.incident.acknowledgedBy}>{(by) => <> · acknowledged by {showHidden(by())}</>}</Show>
      <Show when={props.incident.resolvedAt}>
        {(at) => (
          <>
            {' '}
            · resolved <RelativeTime time={at()} />
          </>
        )}
      </Show>
    </p>
  )
}

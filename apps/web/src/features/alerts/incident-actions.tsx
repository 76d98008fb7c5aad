import { type Incident, showHidden } from '@bangui/shared'
import Ellipsis from 'lucide-solid/icons/ellipsis'
import { type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useCan } from '../../lib/permissions.ts'
import { AsyncButton } from '../../ui/async-button.tsx'
import { LazyMenu } from '../../ui/lazy-menu.tsx'
import { muteFailure, muteItems } from './mute-items.ts'
import { useAlertChange } from './use-alert-change.ts'

export type IncidentActionsProps = {
  incident: Incident
  /** a dialog would lose the focus with its button */
  keepsButton?: boolean
}

/** What can be done about an incident that is not resolved: acknowledge and mute. */
export function IncidentActions(props: IncidentActionsProps): JSX.Element {
  const api = useApi()
  const canHandle = useCan('alerts.handle')
  const change = useAlertChange()
  const title = () => showHidden(props.incident.title)
  const isAcknowledged = () => props.incident.state === 'acknowledged'
  const isOver = () => props.incident.state === 'resolved'
  const acknowledge = () =>
    change(api.alerts.acknowledge.mutate({ id: props.incident.id }), 'The incident was not acknowledged')
  const mute = (minutes: number | null) =>
    void change(
      api.alerts.mute.mutate({ incident: props.incident.id, minutes }),
      muteFailure('incident', minutes),
    )
  return (
    <Show when={canHandle() && !isOver()}>
      <Show when={props.keepsButton || !isAcknowledged()}>
        <AsyncButton
          size="sm"
          aria-label={`Acknowledge: ${title()}`}
          unavailable={isAcknowledged() && 'Somebody has acknowledged the incident'}
          onPress={acknowledge}
        >
          Acknowledge
        </AsyncButton>
      </Show>
      <LazyMenu
        label={`More actions for ${title()}`}
        trigger={<Ellipsis />}
        items={() => muteItems(props.incident.mutedUntil, mute)}
      />
    </Show>
  )
}

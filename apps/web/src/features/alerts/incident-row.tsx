import { type Incident, showHidden } from '@bangui/shared'
import { type JSX, Show } from 'solid-js'
import { Badge } from '../../ui/badge.tsx'
import { Link } from '../../ui/link.tsx'
import { severities } from './alert-words.ts'
import styles from './alerts.module.css'
import { IncidentActions } from './incident-actions.tsx'
import { IncidentFacts, IncidentStateBadge } from './incident-facts.tsx'

/** One incident: what happened, since when, who takes care of it, and what can be done about it. */
export function IncidentRow(props: { incident: Incident }): JSX.Element {
  const severity = () => severities[props.incident.severity]
  return (
    <li class={styles['row']}>
      <div class={styles['what']}>
        <div class={styles['titles']}>
          <Badge tone={severity().tone}>{severity().word}</Badge>
          <h3 class={styles['title']}>
            <Link href={`/alerts?incident=${encodeURIComponent(props.incident.id)}`} quiet>
              {showHidden(props.incident.title)}
            </Link>
          </h3>
          <IncidentStateBadge incident={props.incident} />
        </div>
        <Show when={props.incident.text}>{(text) => <p class={styles['text']}>{showHidden(text())}</p>}</Show>
        <IncidentFacts incident={props.incident} />
      </div>
      <div class={styles['actions']}>
        <IncidentActions incident={props.incident} />
      </div>
    </li>
  )
}

import { type IncidentDetail, type IncidentEntry, showHidden } from '@bangui/shared'
import { For, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useQuery } from '../../api/use-query.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { incidentSteps, severities } from './alert-words.ts'
import styles from './alerts.module.css'
import { IncidentActions } from './incident-actions.tsx'
import { IncidentFacts, IncidentStateBadge } from './incident-facts.tsx'
import { alertQueries } from './queries.ts'

export type IncidentDialogProps = { id: string; revision: number; onClose: () => void }

/** One incident with its history, which a message links to. */
export function IncidentDialog(props: IncidentDialogProps): JSX.Element {
  const api = useApi()
  const query = useQuery(() => alertQueries.incident(api, props.id, props.revision))
  return (
    <Dialog
      open
      onOpenChange={() => props.onClose()}
      title={query.data?.title ?? 'Incident'}
      footer={
        <>
          <Show when={query.data}>{(incident) => <IncidentActions incident={incident()} keepsButton />}</Show>
          <Button onClick={() => props.onClose()}>Close</Button>
        </>
      }
    >
      <Loaded query={query} what="The incident" fallback={<Skeleton lines={5} height="18px" />}>
        {(incident) => <Detail incident={incident()} />}
      </Loaded>
    </Dialog>
  )
}

function Detail(props: { incident: IncidentDetail }): JSX.Element {
  const severity = () => severities[props.incident.severity]
  return (
    <div class={styles['detail']}>
      <div class={styles['titles']}>
        <Badge tone={severity().tone}>{severity().word}</Badge>
        <IncidentStateBadge incident={props.incident} />
      </div>
      <Show when={props.incident.text}>{(text) => <p class={styles['text']}>{showHidden(text())}</p>}</Show>
      <IncidentFacts incident={props.incident} />
      <section aria-labelledby="incident-history">
        <h3 class={styles['heading']} id="incident-history">
          History
        </h3>
        <ol class={styles['history']}>
          <For each={props.incident.history}>{(entry) => <Entry entry={entry} />}</For>
        </ol>
      </section>
    </div>
  )
}

function Entry(props: { entry: IncidentEntry }): JSX.Element {
  const details = () => {
    const { by, detail } = props.entry
    return `${by === null ? '' : ` by ${by}`}${detail === null ? '' : `: ${detail}`}`
  }
  return (
    <li class={styles['entry']}>
      <span>
        {incidentSteps[props.entry.kind]}
        {showHidden(details())}
      </span>
      <span class={styles['facts']}>
        <RelativeTime time={props.entry.at} />
      </span>
    </li>
  )
}

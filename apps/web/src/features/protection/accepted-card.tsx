import { type ListedFinding, showHidden } from '@bangui/shared'
import { For, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError } from '../../api/errors.ts'
import { formatExact } from '../../lib/format.ts'
import { useCan } from '../../lib/permissions.ts'
import { AsyncButton } from '../../ui/async-button.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Card } from '../../ui/card.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { toast } from '../../ui/toast.tsx'
import { severities } from './severity-words.ts'
import styles from './lists.module.css'

/** Findings that somebody accepted: who, why, until when. */
export function AcceptedCard(props: { findings: readonly ListedFinding[] }): JSX.Element {
  return (
    <Card
      title="Accepted"
      description="Problems that still exist but do not count, because somebody accepted them."
    >
      <ul class={styles['list']}>
        <For each={props.findings}>{(finding) => <Accepted finding={finding} />}</For>
      </ul>
    </Card>
  )
}

function Accepted(props: { finding: ListedFinding }): JSX.Element {
  const api = useApi()
  const canAccept = useCan('health.write')
  const takeBack = async () => {
    try {
      await api.health.unaccept.mutate({ id: props.finding.id })
    } catch (error) {
      toast({ tone: 'danger', title: 'The acceptance was not withdrawn', text: describeError(error).message })
    }
  }
  return (
    <li class={styles['row']}>
      <div class={styles['words']}>
        <div class={styles['title']}>
          <Badge>{severities[props.finding.severity].word}</Badge>
          <h3 class={styles['name']}>{showHidden(props.finding.title)}</h3>
        </div>
        <Show when={props.finding.accepted}>
          {(accepted) => (
            <p class={styles['text']}>
              {showHidden(accepted().by)}: “{showHidden(accepted().reason)}”,{' '}
              <Show when={accepted().until} fallback="until it is solved">
                {(until) => <>{`until ${formatExact(until())}`}</>}
              </Show>
            </p>
          )}
        </Show>
        <Disclosure label="Details">
          <p class={styles['text']}>{showHidden(props.finding.detail)}</p>
          <p class={styles['text']}>{showHidden(props.finding.remedy)}</p>
        </Disclosure>
      </div>
      <Show when={canAccept()}>
        <AsyncButton
          size="sm"
          aria-label={`Withdraw acceptance: ${showHidden(props.finding.title)}`}
          onPress={takeBack}
        >
          Withdraw acceptance
        </AsyncButton>
      </Show>
    </li>
  )
}

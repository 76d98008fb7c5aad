import type { ListedAlertChannel, ListedAlertRule } from '@bangui/shared'
import { useQueryClient } from '@tanstack/solid-query'
import BellRing from 'lucide-solid/icons/bell-ring'
import Plus from 'lucide-solid/icons/plus'
import { createSignal, For, type JSX, Show } from 'solid-js'
import { useCan } from '../../lib/permissions.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { toast } from '../../ui/toast.tsx'
import styles from './alerts.module.css'
import { alertQueries } from './queries.ts'
import { RuleDialog } from './rule-dialog.tsx'
import { RuleRow } from './rule-row.tsx'

export type RulesTabProps = {
  rules: readonly ListedAlertRule[]
  channels: readonly ListedAlertChannel[]
}

/** The rules: what opens an incident, and which channels get a message. */
export function RulesTab(props: RulesTabProps): JSX.Element {
  const client = useQueryClient()
  const canWrite = useCan('alerts.write')
  const [editing, setEditing] = createSignal<ListedAlertRule | 'new'>()
  const saved = (isNew: boolean) => {
    setEditing(undefined)
    toast({ tone: 'ok', title: isNew ? 'Rule added' : 'Rule saved' })
    void client.invalidateQueries({ queryKey: alertQueries.all })
  }
  const add = () => (
    <Show when={canWrite()}>
      <Button variant="primary" size="sm" icon={<Plus />} onClick={() => setEditing('new')}>
        Add rule
      </Button>
    </Show>
  )
  return (
    <>
      <Card
        title="Rules"
        description="A rule decides which problem opens an incident, and which channels get a message."
        flush
        actions={add()}
      >
        <ul class={styles['rows']} aria-label="Rules">
          <For
            each={props.rules.map(({ id }) => id)}
            fallback={
              <li class={styles['empty']}>
                <EmptyState icon={<BellRing />} title="No rules">
                  A rule decides what opens an incident, such as fail2ban being down or many bans within ten
                  minutes.
                </EmptyState>
              </li>
            }
          >
            {(id) => (
              <Show when={props.rules.find((rule) => rule.id === id)}>
                {(rule) => (
                  <RuleRow rule={rule()} channels={props.channels} onEdit={() => setEditing(rule())} />
                )}
              </Show>
            )}
          </For>
        </ul>
      </Card>
      <Show when={editing()} keyed>
        {(which) => (
          <RuleDialog
            rule={which === 'new' ? undefined : which}
            channels={props.channels}
            onClose={() => setEditing(undefined)}
            onSaved={() => saved(which === 'new')}
          />
        )}
      </Show>
    </>
  )
}

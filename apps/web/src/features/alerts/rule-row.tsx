import { alertRuleKinds, type ListedAlertChannel, type ListedAlertRule, showHidden } from '@bangui/shared'
import Ellipsis from 'lucide-solid/icons/ellipsis'
import { createSignal, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { formatExact, plural } from '../../lib/format.ts'
import { useCan } from '../../lib/permissions.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { LazyMenu } from '../../ui/lazy-menu.tsx'
import { Switch } from '../../ui/switch.tsx'
import { toast } from '../../ui/toast.tsx'
import { severities } from './alert-words.ts'
import styles from './alerts.module.css'
import { muteFailure, muteItems } from './mute-items.ts'
import { describeCondition, describeRecipients } from './rule-words.ts'
import { useAlertChange } from './use-alert-change.ts'

export type RuleRowProps = {
  rule: ListedAlertRule
  channels: readonly ListedAlertChannel[]
  onEdit: () => void
}

/** One rule: what it is about, when it opens an incident, which channels get a message, and whether it is on. */
export function RuleRow(props: RuleRowProps): JSX.Element {
  const api = useApi()
  const canWrite = useCan('alerts.write')
  const canHandle = useCan('alerts.handle')
  const change = useAlertChange()
  const [removing, setRemoving] = createSignal(false)
  const name = () => showHidden(props.rule.name)
  const kind = () => alertRuleKinds[props.rule.kind]
  const enable = async (enabled: boolean) => {
    const isDone = await change(
      api.alerts.updateRule.mutate({ id: props.rule.id, enabled }),
      'The rule was not changed',
    )
    if (isDone && enabled && props.rule.channels.length === 0)
      toast({
        title: 'The rule is on, but sends no messages',
        text: 'Its incidents are shown on this page only. Edit the rule to choose a channel.',
      })
  }
  const mute = (minutes: number | null) =>
    void change(api.alerts.mute.mutate({ rule: props.rule.id, minutes }), muteFailure('rule', minutes))
  return (
    <li class={styles['row']} data-switch="">
      <Switch
        hideLabel
        label={`Use rule: ${name()}`}
        checked={props.rule.enabled}
        disabled={!canWrite()}
        onChange={(enabled) => void enable(enabled)}
      />
      <div class={styles['what']}>
        <div class={styles['titles']}>
          <h3 class={styles['title']}>{name()}</h3>
          <Badge tone={severities[props.rule.severity].tone}>{severities[props.rule.severity].word}</Badge>
          <Show when={props.rule.openIncidents > 0}>
            <Badge tone="danger">{plural(props.rule.openIncidents, 'open incident')}</Badge>
          </Show>
          <Show when={props.rule.mutedUntil}>
            {(until) => (
              <Badge tooltip={`Nothing is sent for it until ${formatExact(until())}.`}>Muted</Badge>
            )}
          </Show>
        </div>
        <p class={styles['text']}>{kind().meaning}</p>
        <p class={styles['facts']}>
          {describeCondition(props.rule)} {describeRecipients(props.rule, props.channels)}
        </p>
      </div>
      <div class={styles['actions']}>
        <Show when={canWrite()}>
          <Button size="sm" aria-label={`Edit rule: ${name()}`} onClick={() => props.onEdit()}>
            Edit
          </Button>
        </Show>
        <Show when={canHandle()}>
          <LazyMenu
            label={`More actions for ${name()}`}
            trigger={<Ellipsis />}
            items={() => [
              ...muteItems(props.rule.mutedUntil, mute),
              ...(canWrite()
                ? [
                    {
                      label: 'Remove…',
                      tone: 'danger' as const,
                      separated: true,
                      onSelect: () => setRemoving(true),
                    },
                  ]
                : []),
            ]}
          />
        </Show>
      </div>
      <Show when={removing()}>
        <RemoveRule rule={props.rule} onClose={() => setRemoving(false)} />
      </Show>
    </li>
  )
}

function RemoveRule(props: { rule: ListedAlertRule; onClose: () => void }): JSX.Element {
  const api = useApi()
  const change = useAlertChange()
  return (
    <ConfirmDialog
      title={`Remove the rule “${props.rule.name}”?`}
      description="Its open incidents are resolved, and its settings are lost. To stop the rule for a while, switch it off or mute it instead."
      confirm="Remove rule"
      onClose={() => props.onClose()}
      onConfirm={() =>
        change(api.alerts.removeRule.mutate({ id: props.rule.id }), 'The rule was not removed')
      }
    />
  )
}

import {
  type AlertRuleKind,
  alertRuleKinds,
  type AlertSeverity,
  type ListedAlertChannel,
  type ListedAlertRule,
  showHidden,
} from '@bangui/shared'
import { For, type JSX, Show } from 'solid-js'
import { Checkbox } from '../../ui/checkbox.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Select } from '../../ui/select.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { severities } from './alert-words.ts'
import { createRuleForm, type RuleForm } from './create-rule-form.ts'
import styles from './forms.module.css'
import { refusalOf } from './refusal-of.ts'
import { RuleScope } from './rule-scope.tsx'
import { RuleTimes } from './rule-times.tsx'

export type RuleDialogProps = {
  /** undefined: a new one */
  rule: ListedAlertRule | undefined
  channels: readonly ListedAlertChannel[]
  onClose: () => void
  onSaved: () => void
}

const kinds = Object.keys(alertRuleKinds) as AlertRuleKind[]
const kindOptions = kinds.map((value) => ({ value, label: alertRuleKinds[value].title }))
const severityOptions = Object.entries(severities).map(([value, { word }]) => ({ value, label: word }))
const reminders = [
  { value: '', label: 'Never' },
  { value: '30', label: 'Every 30 minutes' },
  { value: '60', label: 'Every hour' },
  { value: '240', label: 'Every 4 hours' },
  { value: '1440', label: 'Every day' },
]

/** The form of a rule: what it is about, when it opens an incident, and which channels get a message. */
export function RuleDialog(props: RuleDialogProps): JSX.Element {
  // oxlint-disable-next-line solid/reactivity -- the form begins with the rule as it was when the dialog was opened
  const form = createRuleForm(props.rule, () => props.onSaved())
  return (
    <FormDialog
      size="lg"
      title={form.isNew ? 'Add rule' : 'Edit rule'}
      submit={form.isNew ? 'Add rule' : 'Save rule'}
      busy={form.submit.busy()}
      busyReason="The rule is being saved"
      refusal={refusalOf('rule', form.submit.refusal())}
      onSubmit={form.submit.submit}
      onClose={() => props.onClose()}
    >
      <Show when={form.isNew}>
        <Select
          label="Kind"
          value={form.draft.kind}
          options={kindOptions}
          onChange={(kind) => form.setKind(kind as AlertRuleKind)}
        />
      </Show>
      <p class={styles['hint']}>{alertRuleKinds[form.draft.kind].meaning}</p>
      <div class={styles['pair']}>
        <TextField
          label="Name"
          value={form.draft.name}
          error={form.submit.errorOf('name')}
          onChange={(name) => form.change({ name })}
        />
        <Select
          label="Severity"
          value={form.draft.severity}
          options={severityOptions}
          onChange={(severity) => form.change({ severity: severity as AlertSeverity })}
        />
      </div>
      <RuleTimes form={form} />
      <RuleScope form={form} />
      <Recipients form={form} channels={props.channels} />
    </FormDialog>
  )
}

function Recipients(props: { form: RuleForm; channels: readonly ListedAlertChannel[] }): JSX.Element {
  const draft = () => props.form.draft
  const options = () => {
    const now = draft().remindMinutes
    const known = reminders.some(({ value }) => value === String(now ?? ''))
    return known ? reminders : [...reminders, { value: String(now), label: `Every ${now} minutes` }]
  }
  const choose = (id: number, isChosen: boolean) =>
    props.form.change({
      channels: isChosen ? [...draft().channels, id] : draft().channels.filter((other) => other !== id),
    })
  return (
    <fieldset class={styles['section']}>
      <legend class={styles['legend']}>Recipients</legend>
      <Show
        when={props.channels.length > 0}
        fallback={
          <p class={styles['hint']}>
            There is no channel yet, so incidents are shown on this page only. Add a channel in the tab
            Channels.
          </p>
        }
      >
        <div class={styles['choices']}>
          <For each={props.channels}>
            {(channel) => (
              <Checkbox
                label={showHidden(channel.name)}
                checked={draft().channels.includes(channel.id)}
                onChange={(isChosen) => choose(channel.id, isChosen)}
              />
            )}
          </For>
        </div>
      </Show>
      <Select
        label="Reminder"
        description="The message is sent again until somebody acknowledges the incident."
        value={String(draft().remindMinutes ?? '')}
        options={options()}
        onChange={(minutes) => props.form.change({ remindMinutes: minutes === '' ? null : Number(minutes) })}
      />
      <Checkbox
        label="Send a message when the incident is resolved"
        checked={draft().sendResolved}
        onChange={(sendResolved) => props.form.change({ sendResolved })}
      />
    </fieldset>
  )
}

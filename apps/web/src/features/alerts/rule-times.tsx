import { alertRuleKinds } from '@bangui/shared'
import { type JSX, Show } from 'solid-js'
import { formatSpan } from '../../lib/format.ts'
import { TextField } from '../../ui/text-field.tsx'
import type { RuleForm, RuleNumber } from './create-rule-form.ts'
import styles from './forms.module.css'

/** How often or how long something has to happen, and how long it has to be over. */
export function RuleTimes(props: { form: RuleForm }): JSX.Element {
  const counts = () => alertRuleKinds[props.form.draft.kind].counts
  return (
    <div class={styles['pair']}>
      <Show
        when={counts()}
        fallback={
          <>
            <Seconds
              form={props.form}
              name="failAfterSeconds"
              label="Open after"
              description="How long the problem has to last."
            />
            <Seconds
              form={props.form}
              name="recoverAfterSeconds"
              label="Resolve after"
              description="How long the problem has to be over."
            />
          </>
        }
      >
        <TextField
          label="Threshold"
          description="An incident opens when the event happens this many times within the window."
          inputMode="numeric"
          unit="times"
          value={props.form.typed.threshold}
          error={props.form.submit.errorOf('threshold')}
          onChange={(text) => props.form.type('threshold', text)}
        />
        <Seconds
          form={props.form}
          name="windowSeconds"
          label="Window"
          description="The incident is resolved when the event happened fewer times within this span."
        />
      </Show>
    </div>
  )
}

function Seconds(props: {
  form: RuleForm
  name: RuleNumber
  label: string
  description: string
}): JSX.Element {
  const text = () => props.form.typed[props.name]
  const inWords = () => {
    const seconds = Number(text())
    return Number.isInteger(seconds) && seconds >= 60 ? ` = ${formatSpan(seconds)}` : ''
  }
  return (
    <TextField
      label={props.label}
      description={props.description}
      inputMode="numeric"
      unit={`seconds${inWords()}`}
      value={text()}
      error={props.form.submit.errorOf(props.name)}
      onChange={(next) => props.form.type(props.name, next)}
    />
  )
}

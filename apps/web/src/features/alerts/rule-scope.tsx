import {
  type AlertRuleUse,
  alertRuleKinds,
  type HealthCheckId,
  healthChecks,
  type HealthSeverity,
  type SignInKind,
} from '@bangui/shared'
import { For, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useQuery } from '../../api/use-query.ts'
import { useLive } from '../../live/live-store.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Select } from '../../ui/select.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import { ChoiceList } from './choice-list.tsx'
import type { RuleForm } from './create-rule-form.ts'
import styles from './forms.module.css'
import { alertQueries } from './queries.ts'

const signIns: readonly { value: SignInKind; label: string }[] = [
  { value: 'new_place', label: 'Sign-ins from a new place' },
  { value: 'failed', label: 'Failed sign-ins' },
]
const severityOptions = [
  { value: 'critical', label: 'Critical problems' },
  { value: 'warning', label: 'Warnings and critical problems' },
  { value: 'hint', label: 'All problems, including hints' },
]
const checkOptions = healthChecks.map(({ id, title }) => ({ value: id as string, label: title }))

/** What a rule is about: hosts, jails, checks, addresses, kinds of sign-ins; each where its kind uses it. */
export function RuleScope(props: { form: RuleForm }): JSX.Element {
  const api = useApi()
  const live = useLive()
  const hosts = useQuery(() => alertQueries.hosts(api))
  /** with one host, there is nothing to choose; hosts that a rule names can be removed */
  const hasHosts = () => (hosts.data?.length ?? 0) > 1 || props.form.draft.hosts.length > 0
  const uses = (what: AlertRuleUse) => alertRuleKinds[props.form.draft.kind].uses.includes(what)
  const jails = () => (live.jails ?? []).map(({ name }) => ({ value: name, label: name }))
  return (
    <>
      <Show when={uses('addresses')}>
        <TextArea
          label="Addresses"
          description="Addresses or networks, one per line."
          placeholder={'203.0.113.9\n198.51.100.0/24'}
          rows={3}
          value={props.form.addresses()}
          error={props.form.submit.errorOf('addresses')}
          onChange={props.form.setAddresses}
        />
      </Show>
      <Show when={uses('signIns')}>
        <SignIns form={props.form} />
      </Show>
      <Show when={uses('checks')}>
        <Select
          label="Problems"
          value={props.form.draft.minSeverity}
          options={severityOptions}
          onChange={(severity) => props.form.change({ minSeverity: severity as HealthSeverity })}
        />
      </Show>
      <Show when={(uses('hosts') && hasHosts()) || uses('jails') || uses('checks')}>
        <div>
          <Show when={uses('hosts') && hasHosts()}>
            <ChoiceList
              label="Hosts"
              none="all hosts"
              options={(hosts.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
              chosen={props.form.draft.hosts}
              onChange={(chosen) => props.form.change({ hosts: [...chosen] })}
            />
          </Show>
          <Show when={uses('jails')}>
            <ChoiceList
              label="Jails"
              none="all jails"
              options={jails()}
              chosen={props.form.draft.jails}
              onChange={(chosen) => props.form.change({ jails: [...chosen] })}
            />
          </Show>
          <Show when={uses('checks')}>
            <ChoiceList
              label="Checks"
              none="all checks"
              options={checkOptions}
              chosen={props.form.draft.checks}
              onChange={(chosen) => props.form.change({ checks: chosen as HealthCheckId[] })}
            />
          </Show>
        </div>
      </Show>
    </>
  )
}

function SignIns(props: { form: RuleForm }): JSX.Element {
  const chosen = () => props.form.draft.signIns
  return (
    <div>
      <div class={styles['choices']}>
        <For each={signIns}>
          {({ value, label }) => (
            <Checkbox
              label={label}
              checked={chosen().includes(value)}
              onChange={(isChosen) =>
                props.form.change({
                  signIns: isChosen ? [...chosen(), value] : chosen().filter((other) => other !== value),
                })
              }
            />
          )}
        </For>
      </div>
      <p class={styles['error']} aria-live="polite">
        {props.form.submit.errorOf('signIns')}
      </p>
    </div>
  )
}

import { parseDuration } from '@bangui/shared'
import type { RouterOutputs } from '@bangui/server/router'
import type { JSX } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useQuery } from '../../api/use-query.ts'
import { formatSpan } from '../../lib/format.ts'
import { Select } from '../../ui/select.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { configQueries } from './queries.ts'
import type { NewJailForm } from './create-new-jail.ts'
import styles from './new-jail.module.css'

/** Returns a duration in words; undefined: the text is not a duration. */
function inWords(value: string): string | undefined {
  const seconds = parseDuration(value)
  if (seconds === undefined) return undefined
  return seconds < 0 ? 'permanent' : formatSpan(seconds)
}

/** How many failures within which time lead to a ban, and how long it lasts. */
export function RuleFields(props: { form: NewJailForm }): JSX.Element {
  return (
    <div class={styles['three']}>
      <TextField
        label="Failures before a ban"
        inputMode="numeric"
        unit="failures"
        value={props.form.state().maxretry}
        error={props.form.problem('maxretry')}
        onChange={(maxretry) => props.form.set({ maxretry })}
      />
      <TextField
        label="Find time"
        description={`Failures within ${inWords(props.form.state().findtime) ?? 'this time'} count together.`}
        mono
        value={props.form.state().findtime}
        error={props.form.problem('findtime')}
        onChange={(findtime) => props.form.set({ findtime })}
      />
      <TextField
        label="Ban time"
        description={inWords(props.form.state().bantime)}
        mono
        value={props.form.state().bantime}
        error={props.form.problem('bantime')}
        onChange={(bantime) => props.form.set({ bantime })}
      />
    </div>
  )
}

/** Which ports a ban blocks, and with which firewall. */
export function BanFields(props: {
  form: NewJailForm
  actions: RouterOutputs['config']['actions'] | undefined
}): JSX.Element {
  const api = useApi()
  const options = useQuery(() => configQueries.options(api))
  const choices = () => {
    const known = options.data?.jail.find(({ key }) => key === 'banaction')?.choices ?? []
    const installed = new Set(props.actions?.map(({ name }) => name))
    return [
      ...new Set([props.form.present()['banaction'] ?? '', ...known.filter((name) => installed.has(name))]),
    ]
  }
  return (
    <div class={styles['pair']}>
      <TextField
        label="Ports"
        description="Names or numbers, such as http,https or 8000:8010. 0:65535 means all ports."
        mono
        value={props.form.state().port}
        error={props.form.problem('port')}
        onChange={(port) => props.form.set({ port })}
      />
      <Select
        label="Blocking action"
        description="How addresses are blocked. If other jails already block addresses, use the same action."
        value={props.form.state().banaction}
        options={choices()
          .filter((name) => name !== '')
          .map((name) => ({ value: name, label: name }))}
        onChange={(banaction) => props.form.set({ banaction })}
      />
    </div>
  )
}

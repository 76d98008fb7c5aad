import type { ChannelSending, DigestSchedule, QuietHours } from '@bangui/shared'
import { type JSX, Show } from 'solid-js'
import { ownTimeZone } from '../../lib/time-zone.ts'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Select } from '../../ui/select.tsx'
import { TextField } from '../../ui/text-field.tsx'
import type { ChannelForm } from './create-channel-form.ts'
import styles from './forms.module.css'

const sendsOptions = [
  { value: 'all', label: 'Every incident' },
  { value: 'critical', label: 'Only critical incidents' },
  { value: 'none', label: 'None: only the digest' },
]
const digestOptions = [
  { value: '', label: 'No digest' },
  { value: 'hourly', label: 'Every hour' },
  { value: 'daily', label: 'Every day' },
]

/** When a channel sends, and how much: at once, quiet hours, digest. */
export function SendingFields(props: { form: ChannelForm }): JSX.Element {
  const sending = () => props.form.sending
  return (
    <fieldset class={styles['section']}>
      <legend class={styles['legend']}>When messages are sent</legend>
      <div class={styles['pair']}>
        <Select
          label="Sent at once"
          value={sending().sends}
          options={sendsOptions}
          onChange={(sends) => props.form.changeSending({ sends: sends as ChannelSending['sends'] })}
        />
        <TextField
          label="At most"
          inputMode="numeric"
          unit="messages an hour"
          description="Further messages wait and are sent together, as one."
          value={Number.isNaN(sending().maxPerHour) ? '' : String(sending().maxPerHour)}
          error={props.form.submit.errorOf('maxPerHour')}
          onChange={(text) =>
            props.form.changeSending({ maxPerHour: text.trim() === '' ? Number.NaN : Number(text) })
          }
        />
      </div>
      <QuietFields form={props.form} />
      <DigestFields form={props.form} />
    </fieldset>
  )
}

function QuietFields(props: { form: ChannelForm }): JSX.Element {
  const quiet = () => props.form.sending.quiet
  const change = (changed: Partial<QuietHours>) => {
    const now = quiet()
    if (now) props.form.changeSending({ quiet: { ...now, ...changed } })
  }
  return (
    <>
      <Checkbox
        label="Quiet hours: messages wait until they are over"
        checked={quiet() !== null}
        onChange={(on) =>
          props.form.changeSending({ quiet: on ? { ...usualQuiet, zone: ownTimeZone() } : null })
        }
      />
      <Show when={quiet()}>
        {(hours) => (
          <div class={styles['nested']}>
            <div class={styles['times']}>
              <TimeField
                label="From"
                value={hours().from}
                error={props.form.submit.errorOf('quiet.from') ?? props.form.submit.errorOf('quiet')}
                onChange={(from) => change({ from })}
              />
              <TimeField
                label="To"
                value={hours().to}
                error={props.form.submit.errorOf('quiet.to')}
                onChange={(to) => change({ to })}
              />
              <ZoneField
                value={hours().zone}
                error={props.form.submit.errorOf('quiet.zone')}
                onChange={(zone) => change({ zone })}
              />
            </div>
            <Checkbox
              label="Send critical incidents also in quiet hours"
              checked={hours().passCritical}
              onChange={(passCritical) => change({ passCritical })}
            />
          </div>
        )}
      </Show>
    </>
  )
}

function DigestFields(props: { form: ChannelForm }): JSX.Element {
  const digest = () => props.form.sending.digest
  const change = (changed: Partial<DigestSchedule>) => {
    const now = digest() ?? { every: 'daily' as const, at: '08:00', zone: ownTimeZone() }
    props.form.changeSending({ digest: { ...now, ...changed } })
  }
  return (
    <>
      <Select
        label="Digest"
        description="A summary: what happened since the last one, and what is still open."
        value={digest()?.every ?? ''}
        options={digestOptions}
        onChange={(every) =>
          every === ''
            ? props.form.changeSending({ digest: null })
            : change({ every: every === 'hourly' ? 'hourly' : 'daily' })
        }
      />
      <Show when={digest()?.every === 'daily' && digest()}>
        {(schedule) => (
          <div class={styles['nested']}>
            <div class={styles['times']}>
              <TimeField
                label="At"
                value={schedule().at}
                error={props.form.submit.errorOf('digest.at')}
                onChange={(at) => change({ at })}
              />
              <ZoneField
                value={schedule().zone}
                error={props.form.submit.errorOf('digest.zone')}
                onChange={(zone) => change({ zone })}
              />
            </div>
          </div>
        )}
      </Show>
    </>
  )
}

type PartProps = { value: string; error: string | undefined; onChange: (value: string) => void }

function TimeField(props: PartProps & { label: string }): JSX.Element {
  return (
    <TextField
      label={props.label}
      placeholder="22:00"
      plain
      value={props.value}
      error={props.error}
      onChange={(value) => props.onChange(value)}
    />
  )
}

function ZoneField(props: PartProps): JSX.Element {
  return (
    <TextField
      label="Time zone"
      placeholder="Europe/Berlin"
      plain
      value={props.value}
      error={props.error}
      onChange={(value) => props.onChange(value)}
    />
  )
}

const usualQuiet = { from: '22:00', to: '07:00', passCritical: true }

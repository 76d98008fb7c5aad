import { type JSX, Show } from 'solid-js'
import { SegmentedControl } from '../ui/segmented-control.tsx'
import { Select } from '../ui/select.tsx'
import { TextArea } from '../ui/text-area.tsx'
import { TextField } from '../ui/text-field.tsx'
import styles from './ban-dialog.module.css'
import { type DurationUnit, durationUnits, type Lasting } from './ban-draft.ts'
import { ownTimeZone } from '../lib/time-zone.ts'
import type { BanForm } from './create-ban-form.ts'

const units = Object.keys(durationUnits).map((value) => ({ value, label: value }))

/** The fields of the ban form: addresses, jail, duration and reason. */
export function BanFormFields(props: {
  form: BanForm
  jails: readonly string[]
  disabled: boolean
}): JSX.Element {
  const form = () => props.form
  // a chosen jail stays chosen when it stops meanwhile
  const jails = () => {
    const running = props.jails.map((name) => ({ value: name, label: name }))
    const chosen = form().jail()
    if (chosen === '' || props.jails.includes(chosen)) return running
    return [...running, { value: chosen, label: `${chosen} (not running)` }]
  }
  return (
    <>
      <TextArea
        label="Addresses and networks"
        description="One or more, separated by spaces, commas or new lines. Text after # is ignored."
        placeholder={'203.0.113.7\n198.51.100.0/24'}
        value={form().text()}
        disabled={props.disabled}
        onChange={(text) => form().setText(text)}
      />
      <Select
        label="Jail"
        description="This jail’s actions block the addresses."
        value={form().jail()}
        options={jails()}
        disabled={props.disabled}
        onChange={(jail) => form().setJail(jail)}
      />
      <LastingField form={form()} />
      <TextField
        label="Reason"
        description="Optional note, stored only in BanGUI."
        value={form().reason()}
        disabled={props.disabled}
        onChange={(reason) => form().setReason(reason.slice(0, 200))}
      />
    </>
  )
}

function LastingField(props: { form: BanForm }): JSX.Element {
  return (
    <div class={styles['lasting']}>
      {/* the group itself has this name */}
      <span class={styles['label']} aria-hidden="true">
        For how long
      </span>
      <SegmentedControl<Lasting>
        label="For how long"
        value={props.form.lasting()}
        segments={[
          { value: 'jail', label: 'Jail default' },
          { value: 'time', label: 'Custom' },
          { value: 'date', label: 'Until a date' },
          { value: 'permanent', label: 'Permanent' },
        ]}
        onChange={(lasting) => props.form.setLasting(lasting)}
      />
      <Show when={props.form.lasting() === 'time'}>
        <div class={styles['time']}>
          <TextField
            label="How many"
            hideLabel
            inputMode="decimal"
            value={props.form.amount()}
            error={props.form.amountProblem()}
            onChange={(amount) => props.form.setAmount(amount)}
          />
          <Select
            label="Unit"
            hideLabel
            value={props.form.unit()}
            options={units}
            onChange={(unit) => props.form.setUnit(unit as DurationUnit)}
          />
        </div>
      </Show>
      <Show when={props.form.lasting() === 'date'}>
        <TextField
          label="Until"
          description={`Time zone: ${ownTimeZone()}`}
          type="datetime-local"
          value={props.form.date()}
          error={props.form.date() === '' ? undefined : props.form.dateProblem()}
          onChange={(date) => props.form.setDate(date)}
        />
      </Show>
    </div>
  )
}

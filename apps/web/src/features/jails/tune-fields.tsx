import { type JailDetail, type JailTuningNow, showHidden } from '@bangui/shared'
import { createSignal, For, type JSX, Show } from 'solid-js'
import type { Problem } from '../../api/errors.ts'
import { plural } from '../../lib/format.ts'
import { useCanChange } from '../../lib/permissions.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { createTuneForm, type TuneField, type TuneForm } from './create-tune-form.ts'
import { createTuneSaving } from './create-tune-saving.ts'
import { IgnoreTooWide } from './ignore-too-wide.tsx'
import { describeValue, differencesOf } from './jail-differences.ts'
import { PermanentDialog } from './permanent-dialog.tsx'
import styles from './tune-card.module.css'

const fieldWords: Record<TuneField, { label: string; description: string }> = {
  bantime: { label: 'Ban time', description: 'How long an address stays banned; -1 is permanent.' },
  findtime: { label: 'Find time', description: 'Failures within this time count together.' },
  maxretry: {
    label: 'Failures allowed',
    description: 'An address with this many failures within the find time is banned.',
  },
}

/** The form that tunes a running jail. */
export function TuneFields(props: {
  name: string
  detail: JailDetail | undefined
  now: JailTuningNow
  runs: boolean
}): JSX.Element {
  const canConfigure = useCanChange('config.write')
  const form = createTuneForm(() => props.now)
  const saving = createTuneSaving(props, form)
  const [making, setMaking] = createSignal(false)
  const differs = () => differencesOf(props.detail, props.now)
  const configuredText = (key: TuneField) => {
    const value = props.detail?.configured?.[key]
    if (value === undefined || value === null) return ''
    const text = `In the configuration: ${describeValue(key, value)}`
    return differs().some((each) => each.key === key)
      ? `${text}, which applies from the next load on.`
      : `${text}.`
  }
  const ignoreText = () => {
    const own = differs().find(({ key }) => key === 'ignoreip')
    return own ? ` Until the next load ${own.now}.` : ''
  }
  const field = (key: TuneField) => (
    <TextField
      label={fieldWords[key].label}
      description={`${fieldWords[key].description} ${configuredText(key)}`}
      value={form.value(key)}
      error={form.problem(key)}
      disabled={!canConfigure()}
      plain
      onChange={(value) => form.set(key, value)}
    />
  )
  return (
    <form
      class={styles['form']}
      onSubmit={(event) => {
        event.preventDefault()
        if (props.runs && form.isChanged() && !form.hasProblem() && !saving.busy()) void saving.save()
      }}
    >
      <div class={styles['fields']}>
        {field('bantime')}
        {field('findtime')}
        {field('maxretry')}
      </div>
      <TextArea
        label="Never ban"
        description={`Addresses and networks that this jail ignores, one per line.${showHidden(ignoreText())}`}
        value={form.ignored()}
        disabled={!canConfigure()}
        onChange={form.setIgnored}
      />
      <IgnoredFiles files={props.now.ignoredFiles ?? []} />
      <SavingProblem problem={saving.problem()} onInsist={() => void saving.save({ force: true })} />
      <Show when={canConfigure()}>
        <TuneButtons
          form={form}
          runs={props.runs}
          busy={saving.busy()}
          differs={differs().length > 0}
          onPermanent={() => setMaking(true)}
        />
      </Show>
      <Show when={making()}>
        <PermanentDialog
          name={props.name}
          changes={form.changes()}
          onClose={() => setMaking(false)}
          onApplied={() => form.reset()}
        />
      </Show>
    </form>
  )
}

function IgnoredFiles(props: { files: NonNullable<JailTuningNow['ignoredFiles']> }): JSX.Element {
  return (
    <For each={props.files}>
      {(file) => (
        <p class={styles['file']}>
          {showHidden(
            file.problem ?? `Also never banned: ${plural(file.total, 'entry', 'entries')} of ${file.path}.`,
          )}
        </p>
      )}
    </For>
  )
}

function SavingProblem(props: { problem: Problem | undefined; onInsist: () => void }): JSX.Element {
  return (
    <Show when={props.problem}>
      {(problem) => (
        <Show
          when={problem().reason === 'ignore_too_wide'}
          fallback={<ErrorState title="Nothing was changed." why={problem().message} />}
        >
          <IgnoreTooWide why={problem().message} onInsist={() => props.onInsist()} />
        </Show>
      )}
    </Show>
  )
}

function TuneButtons(props: {
  form: TuneForm
  runs: boolean
  busy: boolean
  /** the running jail has values that the configuration does not have */
  differs: boolean
  onPermanent: () => void
}): JSX.Element {
  return (
    <div class={styles['buttons']}>
      <Button
        variant="primary"
        type="submit"
        loading={props.busy}
        unavailable={
          (!props.runs && 'The jail is not running') ||
          (!props.form.isChanged() && 'No changes yet') ||
          (props.form.hasProblem() && 'A value is not valid')
        }
      >
        Apply until reload
      </Button>
      <Button
        unavailable={
          (!props.form.isChanged() && !props.differs && 'The configuration has these values') ||
          (props.form.hasProblem() && 'A value is not valid')
        }
        onClick={() => props.onPermanent()}
      >
        Apply and save…
      </Button>
      <Show when={props.form.isChanged()}>
        <Button variant="ghost" onClick={() => props.form.reset()}>
          Reset
        </Button>
      </Show>
    </div>
  )
}

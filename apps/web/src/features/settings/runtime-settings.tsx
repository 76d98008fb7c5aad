import type { SettingInfo } from '@bangui/shared'
import { For, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useQuery } from '../../api/use-query.ts'
import { useCan } from '../../lib/permissions.ts'
import { focusFirstInvalid } from '../../lib/focus-invalid.ts'
import { AsyncButton } from '../../ui/async-button.tsx'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Switch } from '../../ui/switch.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { createSettingsForm } from './create-settings-form.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { settingsQueries } from './queries.ts'
import { limitsOf, type RuntimeField, runtimeFields, spanOf } from './runtime-fields.ts'
import styles from './settings.module.css'
import { SourceBadge } from './source-badge.tsx'

/** The settings that take effect at once. */
export function RuntimeSettingsCard(): JSX.Element {
  const api = useApi()
  const settings = useQuery(() => settingsQueries.settings(api))
  return (
    <Card
      title="Runtime settings"
      description="Saved changes apply immediately and override environment variables."
    >
      <Loaded query={settings} what="The settings" fallback={<Skeleton lines={8} height="28px" />}>
        {(data) => <Form settings={data()} />}
      </Loaded>
    </Card>
  )
}

function Form(props: { settings: readonly SettingInfo[] }): JSX.Element {
  const form = createSettingsForm(() => props.settings)
  const unavailable = () => (form.isDirty() || form.saving() ? undefined : 'No changes yet')
  const canChange = useCan('settings.write')
  return (
    <form
      class={styles['form']}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        const element = event.currentTarget
        if (form.isDirty() && !form.saving()) void form.save().then(() => focusFirstInvalid(element))
      }}
    >
      <Show when={form.problem()}>
        {(problem) => (
          <Banner tone="danger" role="alert" title="The settings were not saved.">
            {problem().message} Your changes are still in the form.
          </Banner>
        )}
      </Show>
      <For each={runtimeFields}>
        {(field) => (
          <div class={styles['setting']}>
            <div class={styles['control']}>
              <Control field={field} form={form} disabled={!canChange()} />
            </div>
            <div class={styles['source']}>
              <SourceBadge setting={form.info(field.key)} />
              <Show when={canChange() && form.info(field.key)?.source === 'override'}>
                <AsyncButton
                  size="sm"
                  variant="ghost"
                  aria-label={`Reset: ${field.label}`}
                  onPress={() => form.reset(field.key)}
                >
                  Reset
                </AsyncButton>
              </Show>
            </div>
          </div>
        )}
      </For>
      <Show
        when={canChange()}
        fallback={<p class={styles['note']}>Only an administrator can change these.</p>}
      >
        <div class={styles['save']}>
          <Button type="submit" variant="primary" loading={form.saving()} unavailable={unavailable()}>
            Save changes
          </Button>
          <Show when={form.isDirty() && !form.saving()}>
            <Button variant="ghost" onClick={() => form.discard()}>
              Discard
            </Button>
          </Show>
        </div>
      </Show>
    </form>
  )
}

function Control(props: {
  field: RuntimeField
  form: ReturnType<typeof createSettingsForm>
  disabled: boolean
}): JSX.Element {
  const key = () => props.field.key
  // few people know how long 10080 minutes are
  const inWords = () => spanOf(props.field, String(props.form.value(key())))
  return (
    <Show
      when={props.field.unit}
      fallback={
        <Switch
          label={props.field.label}
          description={props.field.description}
          checked={props.form.value(key()) === true}
          disabled={props.disabled}
          onChange={(on) => props.form.type(key(), on)}
        />
      }
    >
      {(unit) => (
        <TextField
          label={props.field.label}
          description={`${props.field.description} ${props.form.errorOf(key()) ? '' : limitsOf(key())}`}
          name={key()}
          inputMode="numeric"
          autocomplete="off"
          unit={inWords() === undefined ? unit() : `${unit()} = ${inWords()}`}
          value={String(props.form.value(key()))}
          error={props.form.errorOf(key())}
          disabled={props.disabled}
          onBlur={() => props.form.showProblems()}
          onChange={(text) => props.form.type(key(), text)}
        />
      )}
    </Show>
  )
}

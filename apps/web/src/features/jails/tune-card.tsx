import { type JailDetail, type JailTuningNow, showHidden } from '@bangui/shared'
import { useQueryClient } from '@tanstack/solid-query'
import { createSignal, For, type JSX, Show } from 'solid-js'
import { describeError, type Problem } from '../../api/errors.ts'
import { useApi } from '../../api/api-context.tsx'
import { useQuery } from '../../api/use-query.ts'
import { useStatsApi } from '../../api/stats-api.ts'
import { plural } from '../../lib/format.ts'
import { useCanChange } from '../../lib/permissions.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { toast } from '../../ui/toast.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { createTuneForm, type TuneField, type TuneForm } from './create-tune-form.ts'
import { describeValue, differencesOf } from './jail-differences.ts'
import { IgnoreTooWide } from './ignore-too-wide.tsx'
import { PermanentDialog } from './permanent-dialog.tsx'
import { jailQueries } from './queries.ts'
import styles from './tune-card.module.css'

/** What a running jail does now, to be changed until the next reload or for good. */
export function TuneCard(props: {
  name: string
  detail: JailDetail | undefined
  /** it can be tuned now */
  runs: boolean
}): JSX.Element {
  const api = useApi()
  const tuning = useQuery(() => ({ ...jailQueries.tuning(api, props.name), enabled: props.runs }))
  return (
    <Card
      title="Settings in effect"
      description="The values that the running jail uses. A change takes effect immediately and lasts until the jail reloads, unless you also save it."
    >
      <Loaded query={tuning} what="The settings in effect" fallback={<Skeleton lines={4} height="32px" />}>
        {(data) => <TuneFields name={props.name} detail={props.detail} now={data()} runs={props.runs} />}
      </Loaded>
    </Card>
  )
}

const words: Record<TuneField, { label: string; description: string }> = {
  bantime: { label: 'Ban time', description: 'How long an address stays banned; -1 is permanent.' },
  findtime: { label: 'Find time', description: 'Failures within this time count together.' },
  maxretry: {
    label: 'Failures allowed',
    description: 'An address with this many failures within the find time is banned.',
  },
}

function TuneFields(props: {
  name: string
  detail: JailDetail | undefined
  now: JailTuningNow
  runs: boolean
}): JSX.Element {
  const canConfigure = useCanChange('config.write')
  const form = createTuneForm(() => props.now)
  const saving = createSaving(props, form)
  const [making, setMaking] = createSignal(false)
  const differs = () => differencesOf(props.detail, props.now)
  const isUnchanged = () => Object.keys(form.changes()).length === 0
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
      label={words[key].label}
      description={`${words[key].description} ${configuredText(key)}`}
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
        if (props.runs && !isUnchanged() && !form.hasProblem() && !saving.busy()) void saving.save()
      }}
    >
      <div class={styles['fields']}>
        {field('bantime')}
        {field('findtime')}
        {field('maxretry')}
      </div>
      <TextArea
        label="Never ban"
        description={`Addresses and networks that this jail ignores, one a line.${showHidden(ignoreText())}`}
        value={form.ignored()}
        disabled={!canConfigure()}
        onChange={form.setIgnored}
      />
      <For each={props.now.ignoredFiles ?? []}>
        {(file) => (
          <p class={styles['file']}>
            {showHidden(
              file.problem ?? `Also never banned: ${plural(file.total, 'entry', 'entries')} of ${file.path}.`,
            )}
          </p>
        )}
      </For>
      <Show when={saving.problem()}>
        {(problem) => (
          <Show
            when={problem().reason === 'ignore_too_wide'}
            fallback={<ErrorState title="Nothing was changed." why={problem().message} />}
          >
            <IgnoreTooWide why={problem().message} onInsist={() => void saving.save({ force: true })} />
          </Show>
        )}
      </Show>
      <Show when={canConfigure()}>
        <div class={styles['buttons']}>
          <Button
            variant="primary"
            type="submit"
            loading={saving.busy()}
            unavailable={
              (!props.runs && 'The jail is not running') ||
              (isUnchanged() && 'No changes yet') ||
              (form.hasProblem() && 'A value is not valid')
            }
          >
            Apply until reload
          </Button>
          <Button
            unavailable={
              (isUnchanged() && differs().length === 0 && 'The configuration has these values') ||
              (form.hasProblem() && 'A value is not valid')
            }
            onClick={() => setMaking(true)}
          >
            Apply and save…
          </Button>
          <Show when={!isUnchanged()}>
            <Button variant="ghost" onClick={() => form.reset()}>
              Reset
            </Button>
          </Show>
        </div>
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

function createSaving(props: { name: string }, form: TuneForm) {
  const api = useStatsApi()
  const client = useQueryClient()
  const [busy, setBusy] = createSignal(false)
  const [problem, setProblem] = createSignal<Problem>()
  const save = async (insist: { force?: boolean } = {}) => {
    setBusy(true)
    setProblem(undefined)
    try {
      const name = props.name
      const result = await api.jails.update.mutate({ name, ...form.changes(), permanent: false, ...insist })
      if (!result.applied) {
        const message = result.output ?? 'fail2ban refused the change, so nothing was changed.'
        setProblem({ reason: 'unknown', message })
        return
      }
      toast({
        tone: 'ok',
        title: `${name} is changed`,
        text: 'Lasts until the jail reloads.',
      })
      // what was typed stays in sight until it is what the jail does
      await client.invalidateQueries({ queryKey: ['jails'] })
      form.reset()
    } catch (error) {
      setProblem(describeError(error))
    } finally {
      setBusy(false)
    }
  }
  return { busy, problem, save }
}

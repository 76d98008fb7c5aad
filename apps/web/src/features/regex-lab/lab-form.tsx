import { type JSX, Match, Show, Switch } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useQuery } from '../../api/use-query.ts'
import { useLive } from '../../live/live-store.tsx'
import { Card } from '../../ui/card.tsx'
import { Select } from '../../ui/select.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import { TextField } from '../../ui/text-field.tsx'
import type { LabFields, Subject } from './lab-state.ts'
import { labQueries } from './queries.ts'
import styles from './regex-lab-page.module.css'

type FormProps = { fields: LabFields; onChange: (changes: Partial<LabFields>) => void }

const subjectOptions: readonly { value: Subject; label: string }[] = [
  { value: 'filter', label: 'A filter without changes' },
  { value: 'edited', label: 'A filter with other regexes' },
  { value: 'regexes', label: 'Regexes only' },
  { value: 'jail', label: 'A jail with its own settings' },
]

/** What is tested, and on which lines. */
export function LabForm(props: FormProps): JSX.Element {
  return (
    <div class={styles['form']}>
      <Card title="What to test">
        <div class={styles['fields']}>
          <Select
            label="Test"
            value={props.fields.subject}
            options={subjectOptions}
            onChange={(value) =>
              props.onChange({
                subject: subjectOptions.find((each) => each.value === value)?.value ?? 'filter',
              })
            }
          />
          <Switch>
            <Match when={props.fields.subject === 'jail'}>
              <JailField {...props} />
            </Match>
            <Match when={props.fields.subject !== 'regexes'}>
              <FilterFields {...props} />
            </Match>
          </Switch>
          <Show when={props.fields.subject === 'edited' || props.fields.subject === 'regexes'}>
            <RegexFields {...props} />
          </Show>
        </div>
      </Card>
      <Card title="Lines">
        <LineFields {...props} />
      </Card>
    </div>
  )
}

const asOptions = (names: readonly string[]) => names.map((name) => ({ value: name, label: name }))

/** The choice also holds a name that the list does not have (yet): it came with the URL. */
const withChosen = (names: readonly string[], chosen: string) =>
  chosen === '' || names.includes(chosen) ? names : [...names, chosen]

function JailField(props: FormProps): JSX.Element {
  const live = useLive()
  const names = () =>
    withChosen(
      (live.jails ?? []).map(({ name }) => name),
      props.fields.jail,
    )
  return (
    <Select
      label="Jail"
      value={props.fields.jail}
      options={[{ value: '', label: 'Choose a jail' }, ...asOptions(names())]}
      onChange={(jail) => props.onChange({ jail })}
    />
  )
}

function FilterFields(props: FormProps): JSX.Element {
  const api = useApi()
  const filters = useQuery(() => labQueries.filters(api))
  const modes = useQuery(() => ({
    ...labQueries.modes(api, props.fields.filter),
    enabled: props.fields.filter !== '',
  }))
  const names = () =>
    withChosen(
      (filters.data ?? []).map(({ name }) => name),
      props.fields.filter,
    )
  const known = () => withChosen(props.fields.filter === '' ? [] : (modes.data ?? []), props.fields.mode)
  return (
    <>
      <Select
        label="Filter"
        value={props.fields.filter}
        options={[{ value: '', label: 'Choose a filter' }, ...asOptions(names())]}
        onChange={(filter) => props.onChange({ filter, mode: '' })}
      />
      <Show when={known().length > 0}>
        <Select
          label="Mode"
          description="Some filters match more kinds of lines in other modes."
          value={props.fields.mode}
          options={[{ value: '', label: 'The filter’s default' }, ...asOptions(known())]}
          onChange={(mode) => props.onChange({ mode })}
        />
      </Show>
    </>
  )
}

function RegexFields(props: FormProps): JSX.Element {
  return (
    <>
      <TextArea
        label="failregex"
        description={
          props.fields.subject === 'edited'
            ? 'One regex per line, instead of the filter’s regexes. %(known/failregex)s stands for the filter’s regexes.'
            : 'One regex per line, as in a filter file: <HOST> stands for the address, and %% for a percent sign.'
        }
        placeholder="^ Failed login from <HOST>$"
        value={props.fields.failregex}
        onChange={(failregex) => props.onChange({ failregex })}
      />
      <TextArea
        label="ignoreregex (optional)"
        description="A line that matches one of these regexes is not a failure."
        rows={2}
        value={props.fields.ignoreregex}
        onChange={(ignoreregex) => props.onChange({ ignoreregex })}
      />
      <TextField
        label="datepattern (optional)"
        description="The date format, if fail2ban does not recognise it."
        placeholder="%%Y-%%m-%%d %%H:%%M:%%S"
        plain
        value={props.fields.datepattern}
        onChange={(datepattern) => props.onChange({ datepattern })}
      />
    </>
  )
}

function LineFields(props: FormProps): JSX.Element {
  const api = useApi()
  const logs = useQuery(() => labQueries.logs(api))
  const sources = () => [
    { value: 'lines', label: 'Lines that I enter' },
    ...(logs.data?.files ?? [])
      .filter(({ problem }) => problem === null)
      .map(({ path, jails }) => ({
        value: path,
        label: jails.length === 0 ? path : `${path} (${jails.slice(0, 3).join(', ')})`,
      })),
    ...(logs.data?.journals ?? []).map(({ matches, jails }) => ({
      value: `journal:${matches}`,
      label: `Journal: ${matches} (${jails.slice(0, 3).join(', ')})`,
    })),
  ]
  const options = () =>
    sources().some(({ value }) => value === props.fields.source)
      ? sources()
      : [...sources(), { value: props.fields.source, label: props.fields.source }]
  return (
    <div class={styles['fields']}>
      <Select
        label="Lines from"
        value={props.fields.source}
        options={options()}
        onChange={(source) => props.onChange({ source })}
      />
      <Show
        when={props.fields.source === 'lines'}
        fallback={<p class={styles['note']}>The last 200 lines are tested.</p>}
      >
        <TextArea
          label="Lines of a log"
          description="The lines stay in this tab and are never part of the page’s address."
          rows={8}
          value={props.fields.lines}
          onChange={(lines) => props.onChange({ lines })}
        />
      </Show>
    </div>
  )
}

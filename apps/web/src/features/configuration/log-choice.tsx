import { showHidden } from '@bangui/shared'
import X from 'lucide-solid/icons/x'
import { createSignal, For, type JSX, Match, Show, Switch } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useQuery } from '../../api/use-query.ts'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { SegmentedControl } from '../../ui/segmented-control.tsx'
import { Select } from '../../ui/select.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { LogStatus } from './log-status.tsx'
import { configQueries } from './queries.ts'
import type { NewJailForm } from './create-new-jail.ts'
import fieldStyles from './fields.module.css'
import styles from './new-jail.module.css'

/** Chooses the log files of a jail, or the entries of the journal. */
export function LogChoice(props: { form: NewJailForm }): JSX.Element {
  return (
    <div class={styles['fields']}>
      <SegmentedControl
        label="Where the jail finds failures"
        value={props.form.state().source}
        segments={[
          { value: 'files', label: 'Log files' },
          { value: 'journal', label: 'systemd journal' },
        ]}
        onChange={(source) => props.form.set({ source })}
      />
      <Switch>
        <Match when={props.form.state().source === 'files'}>
          <Files form={props.form} />
        </Match>
        <Match when={props.form.state().source === 'journal'}>
          <Journal form={props.form} />
        </Match>
      </Switch>
    </div>
  )
}

function Files(props: { form: NewJailForm }): JSX.Element {
  const filter = () => {
    const name = props.form.filter()
    if (props.form.state().from === 'service') return { jail: props.form.state().jail }
    const { mode } = props.form.state()
    return name === undefined ? undefined : { filter: name, ...(mode !== '' && { mode }) }
  }
  const remove = (path: string) =>
    props.form.set({ logs: props.form.state().logs.filter((each) => each !== path) })
  return (
    <>
      <Show
        when={props.form.state().logs.length > 0}
        fallback={<p class={styles['quiet']}>No log file is chosen yet.</p>}
      >
        <ul class={styles['logs']} aria-label="Chosen log files">
          <For each={props.form.state().logs}>
            {(path) => (
              <li class={styles['log']}>
                <div class={styles['logText']}>
                  <Show
                    when={path.startsWith('/')}
                    fallback={<code class={styles['code']}>{showHidden(path)}</code>}
                  >
                    <LogStatus paths={[path]} filter={filter()} />
                  </Show>
                </div>
                <IconButton
                  size="sm"
                  label={`Remove ${showHidden(path)}`}
                  icon={<X />}
                  onClick={() => remove(path)}
                />
              </li>
            )}
          </For>
        </ul>
      </Show>
      <AddLog form={props.form} />
      <p class={styles['error']} aria-live="polite">
        {props.form.problem('logs')}
      </p>
    </>
  )
}

function AddLog(props: { form: NewJailForm }): JSX.Element {
  const api = useApi()
  const logs = useQuery(() => configQueries.logs(api))
  const [typed, setTyped] = createSignal('')
  const own = () => props.form.service()?.logs.map(({ path }) => path) ?? []
  const others = () => {
    const readable = (logs.data?.files ?? []).filter(
      ({ problem, kind }) => problem === null && kind !== 'own',
    )
    const chosen = new Set(props.form.state().logs)
    return [...new Set([...own(), ...readable.map(({ path }) => path)])].filter((path) => !chosen.has(path))
  }
  const add = (path: string) => {
    const { logs: before } = props.form.state()
    if (path.trim() !== '' && !before.includes(path.trim()))
      props.form.set({ logs: [...before, path.trim()] })
    setTyped('')
  }
  return (
    <div class={styles['pair']}>
      <Select
        label="Add a log from this machine"
        value=""
        options={[
          { value: '', label: 'Choose a file' },
          ...others().map((path) => ({
            value: path,
            label: own().includes(path) ? `${path} (of this service)` : path,
          })),
        ]}
        onChange={add}
      />
      <div class={fieldStyles['withButton']} data-labelled="">
        <TextField
          label="Or enter a path"
          placeholder="/var/log/app/*.log"
          mono
          value={typed()}
          onChange={setTyped}
        />
        <Button onClick={() => add(typed())}>Add</Button>
      </div>
    </div>
  )
}

function Journal(props: { form: NewJailForm }): JSX.Element {
  const api = useApi()
  const logs = useQuery(() => configQueries.logs(api))
  const known = () =>
    [
      ...new Set([
        props.form.present()['journalmatch']?.split('\n')[0] ?? '',
        props.form.service()?.journal ?? '',
        ...(logs.data?.journals ?? []).map(({ matches }) => matches),
      ]),
    ].filter((matches) => matches !== '')
  return (
    <>
      <Show when={logs.data?.journalProblem}>
        {(problem) => <p class={styles['problem']}>{showHidden(problem())}</p>}
      </Show>
      <Show when={known().length > 0}>
        <div class={styles['narrow']}>
          <Select
            label="Entries of"
            value={known().includes(props.form.state().journal) ? props.form.state().journal : ''}
            options={[
              { value: '', label: 'Choose entries' },
              ...known().map((matches) => ({ value: matches, label: matches })),
            ]}
            onChange={(journal) => props.form.set({ journal })}
          />
        </div>
      </Show>
      <div class={styles['narrow']}>
        <TextField
          label="Journal entries"
          description="Fields of the journal, such as _SYSTEMD_UNIT=nginx.service."
          mono
          value={props.form.state().journal}
          error={props.form.problem('journal')}
          onChange={(journal) => props.form.set({ journal })}
        />
      </div>
    </>
  )
}

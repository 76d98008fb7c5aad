import type { CatalogueList } from '@bangui/shared'
import { createSignal, createUniqueId, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError } from '../../api/errors.ts'
import { useQuery } from '../../api/use-query.ts'
import { formatBytes, formatExact, formatNumber, plural } from '../../lib/format.ts'
import { ownTimeZone } from '../../lib/time-zone.ts'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { SegmentedControl } from '../../ui/segmented-control.tsx'
import { Select } from '../../ui/select.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { TextField } from '../../ui/text-field.tsx'
import styles from './blocklists.module.css'
import { ListsJailOffer } from './lists-jail-offer.tsx'
import { formats, type ListForm, type Place, schedules } from './list-form.ts'
import { blocklistQueries } from './queries.ts'
import { readUpload } from './read-upload.ts'

export type ListFormFieldsProps = {
  form: ListForm
  jails: readonly string[]
  /** a jail that is made for blocklists runs, or nothing is known of jails yet */
  hasListsJail: boolean
  isNew: boolean
  /** the name of the file that is stored */
  stored: string | undefined
}

/** The fields of a list: where it comes from, its jail, its schedule and its format. */
export function ListFormFields(props: ListFormFieldsProps): JSX.Element {
  const form = () => props.form
  const jailOptions = () => {
    const names = new Set([...props.jails, ...(form().jail() ? [form().jail()] : [])])
    return [
      { value: '', label: 'Choose a jail' },
      ...[...names].map((name) => ({ value: name, label: name })),
    ]
  }
  return (
    <>
      <SegmentedControl<Place>
        label="Where the list comes from"
        value={form().place()}
        segments={[
          ...(props.isNew ? [{ value: 'catalogue' as const, label: 'Well-known list' }] : []),
          { value: 'address', label: 'Web address' },
          { value: 'file', label: 'File' },
        ]}
        onChange={form().setPlace}
      />
      <Show when={form().place() === 'catalogue'}>
        <Catalogue chosen={form().url()} onChoose={form().take} />
      </Show>
      <Show when={form().place() === 'address'}>
        <TextField
          label="Web address"
          description="http or https; a text, CSV or hosts file, also packed with gzip or zip"
          type="url"
          mono
          placeholder="https://example.org/blocklist.txt"
          value={form().url()}
          onChange={form().setUrl}
        />
      </Show>
      <Show when={form().place() === 'file'}>
        <FileField form={form()} stored={props.stored} />
      </Show>
      <div class={styles['pair']}>
        <TextField label="Name" value={form().name()} onChange={form().setName} />
        <Select
          label="Jail"
          description="Its actions block the addresses, for as long as its ban time."
          value={form().jail()}
          options={jailOptions()}
          onChange={form().setJail}
        />
      </div>
      <Show when={!props.hasListsJail}>
        <ListsJailOffer />
      </Show>
      <div class={styles['pair']}>
        <Show when={form().place() !== 'file'}>
          <ScheduleField form={form()} />
        </Show>
        <FormatField form={form()} />
      </div>
      <Checkbox
        label="Unban what a later version no longer lists (only what this list has banned)"
        checked={form().unbanRemoved()}
        onChange={form().setUnbanRemoved}
      />
    </>
  )
}

function Catalogue(props: { chosen: string; onChoose: (list: CatalogueList) => void }): JSX.Element {
  const api = useApi()
  const query = useQuery(() => blocklistQueries.catalogue(api))
  return (
    <Loaded query={query} what="The catalogue" fallback={<Skeleton lines={6} height="24px" />}>
      {(lists) => (
        <div class={styles['form']}>
          <Select
            label="Well-known list"
            value={chosenIn(lists(), props.chosen)?.key ?? ''}
            options={[
              { value: '', label: 'Choose a list' },
              ...lists().map(({ key, name }) => ({ value: key, label: name })),
            ]}
            onChange={(key) => {
              const list = lists().find((each) => each.key === key)
              if (list) props.onChoose(list)
            }}
          />
          <Show when={chosenIn(lists(), props.chosen)}>
            {(list) => (
              <p class={styles['note']}>
                {list().about} About {plural(list().entries, 'entry', 'entries')}, {formatBytes(list().bytes)}
                ; fetch it every {formatNumber(list().everyHours)} hours at most. Licence: {list().licence}.
              </p>
            )}
          </Show>
        </div>
      )}
    </Loaded>
  )
}

const chosenIn = (lists: readonly CatalogueList[], url: string) => lists.find((list) => list.url === url)

function FileField(props: { form: ListForm; stored: string | undefined }): JSX.Element {
  const id = createUniqueId()
  const [problem, setProblem] = createSignal<string>()
  const read = async (file: File | undefined) => {
    setProblem(undefined)
    try {
      props.form.setUpload(file && (await readUpload(file)))
      if (file && props.form.name() === '') props.form.setName(file.name)
    } catch (error) {
      setProblem(error instanceof Error ? error.message : 'The file could not be read.')
    }
  }
  return (
    <div class={styles['file']}>
      <label for={id}>
        {props.stored === undefined ? 'File' : `File (${props.stored} stays unless you choose another)`}
      </label>
      <input
        id={id}
        type="file"
        accept=".txt,.csv,.gz,.zip,.netset,.ipset,.list,text/*"
        onChange={(event) => void read(event.currentTarget.files?.[0])}
      />
      <Show when={problem()}>{(why) => <p role="alert">{why()}</p>}</Show>
    </div>
  )
}

function ScheduleField(props: { form: ListForm }): JSX.Element {
  const api = useApi()
  const query = useQuery(() => ({
    ...blocklistQueries.schedule(api, props.form.schedule() ?? '', ownTimeZone()),
    enabled: props.form.schedule() !== null,
  }))
  const times = () => (query.isError ? [] : (query.data?.nextRuns ?? [])).slice(0, 3)
  return (
    <div class={styles['form']}>
      <Select label="Fetch" value={props.form.choice()} options={schedules} onChange={props.form.setChoice} />
      <Show when={props.form.choice() === 'cron'}>
        <TextField
          label="Crontab fields"
          description={`Minute, hour, day, month, day of the week; time zone ${ownTimeZone()}`}
          mono
          value={props.form.cron()}
          error={query.isError ? describeError(query.error).message : undefined}
          onChange={props.form.setCron}
        />
      </Show>
      <Show when={props.form.schedule() !== null && times().length > 0}>
        <p class={styles['times']}>Next: {times().map(formatExact).join(' · ')}</p>
      </Show>
    </div>
  )
}

function FormatField(props: { form: ListForm }): JSX.Element {
  return (
    <div class={styles['form']}>
      <Select
        label="Format"
        value={props.form.format()}
        options={formats}
        onChange={(format) =>
          props.form.setFormat(formats.find(({ value }) => value === format)?.value ?? 'auto')
        }
      />
      <Show when={props.form.format() === 'csv'}>
        <TextField
          label="Column"
          description="With the addresses, from 1; empty: found by itself"
          inputMode="numeric"
          value={props.form.column()}
          onChange={props.form.setColumn}
        />
      </Show>
    </div>
  )
}

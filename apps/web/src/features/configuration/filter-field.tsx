import type { Reference } from '@bangui/shared'
import { type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useQuery } from '../../api/use-query.ts'
import { Select } from '../../ui/select.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { configQueries } from './queries.ts'
import type { FieldContext } from './field-context.ts'
import styles from './fields.module.css'
import { ParameterFields } from './parameter-fields.tsx'
import { knownParameters, readReference } from './reference-parameters.ts'

export type FilterFieldProps = {
  value: string
  problem: string | undefined
  context: FieldContext
  onChange: (value: string) => void
}

/** The filter of a jail: its name from a list, and a field for each of its parameters. */
export function FilterField(props: FilterFieldProps): JSX.Element {
  const reference = () =>
    props.value === '' ? { name: '', parameters: new Map() } : readReference(props.value)
  const names = () => [
    ...new Set([reference()?.name ?? '', ...(props.context.sources.filters ?? []).map(({ name }) => name)]),
  ]
  return (
    <Show
      when={reference()}
      fallback={
        <TextField
          label="Filter"
          hideLabel
          mono
          value={props.value}
          error={props.problem ?? 'fail2ban cannot read this value.'}
          onChange={props.onChange}
        />
      }
    >
      {(found) => (
        <div class={styles['stack']}>
          <Select
            label="Filter"
            value={found().name}
            options={['', ...names().filter((name) => name !== '')].map((name) => ({
              value: name,
              label: name === '' ? 'No filter: manual bans only' : name,
            }))}
            error={props.problem}
            onChange={props.onChange}
          />
          <Show when={found().name} keyed>
            {(name) => <Parameters {...props} name={name} reference={found()} />}
          </Show>
        </div>
      )}
    </Show>
  )
}

function Parameters(props: FilterFieldProps & { name: string; reference: Reference }): JSX.Element {
  const api = useApi()
  // the key never changes: another filter has fields of its own
  const settings = useQuery(() => configQueries.effective(api, { kind: 'filter', name: props.name }))
  const modes = useQuery(() => configQueries.filterModes(api, props.name))
  const known = () =>
    knownParameters(
      settings.data ?? [],
      'filter',
      new Set(props.context.options.filter.map(({ key }) => key)),
    )
  return (
    <Show when={!settings.isPending && !modes.isPending}>
      <ParameterFields
        reference={props.reference}
        known={known()}
        choices={(modes.data ?? []).length > 0 ? { mode: modes.data ?? [] } : {}}
        main={['mode']}
        context={props.context}
        onChange={props.onChange}
      />
    </Show>
  )
}

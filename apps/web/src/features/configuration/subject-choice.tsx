import { type FoundService, showHidden } from '@bangui/shared'
import type { RouterOutputs } from '@bangui/server/router'
import { For, type JSX, Match, Show, Switch } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useQuery } from '../../api/use-query.ts'
import { Badge } from '../../ui/badge.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { SegmentedControl } from '../../ui/segmented-control.tsx'
import { Select } from '../../ui/select.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { configQueries } from './queries.ts'
import type { NewJailForm } from './create-new-jail.ts'
import styles from './new-jail.module.css'

/** Chooses what the jail is about: a service of this machine with its stock jail, or any filter. */
export function SubjectChoice(props: {
  form: NewJailForm
  filters: RouterOutputs['config']['filters'] | undefined
}): JSX.Element {
  return (
    <div class={styles['fields']}>
      <SegmentedControl
        label="What the jail is based on"
        value={props.form.state().from}
        segments={[
          { value: 'service', label: 'A service on this machine' },
          { value: 'filter', label: 'Any filter' },
        ]}
        onChange={(from) => props.form.set({ from })}
      />
      <Switch>
        <Match when={props.form.state().from === 'service'}>
          <Loaded
            query={props.form.services}
            what="The services"
            fallback={<Skeleton lines={4} height="44px" />}
          >
            {(found) => <Services form={props.form} services={found()} />}
          </Loaded>
        </Match>
        <Match when={props.form.state().from === 'filter'}>
          <FilterFields form={props.form} filters={props.filters} />
        </Match>
      </Switch>
    </div>
  )
}

function Services(props: { form: NewJailForm; services: readonly FoundService[] }): JSX.Element {
  return (
    <Show
      when={props.services.length > 0}
      fallback={
        <EmptyState title="No known service was found">
          BanGUI looks for common services on the machine it runs on. Choose a filter instead.
        </EmptyState>
      }
    >
      <fieldset class={styles['services']}>
        <legend class={styles['legend']}>Service</legend>
        <For each={props.services}>{(service) => <ServiceRow form={props.form} service={service} />}</For>
      </fieldset>
      <Show when={(props.form.service()?.jails.length ?? 0) > 1 && props.form.service()}>
        {(service) => (
          <div class={styles['narrow']}>
            <Select
              label="Jail"
              description="fail2ban has several jails for this service. Each looks for a different kind of attack."
              value={props.form.state().jail}
              options={service().jails.map(({ name, enabled }) => ({
                value: name,
                label: enabled ? `${name} (already enabled)` : name,
              }))}
              onChange={(jail) => props.form.set({ jail })}
            />
          </div>
        )}
      </Show>
      <p class={styles['error']} aria-live="polite">
        {props.form.problem('service')}
      </p>
    </Show>
  )
}

function ServiceRow(props: { form: NewJailForm; service: FoundService }): JSX.Element {
  const off = () => props.service.jails.filter(({ enabled }) => !enabled)
  const words = () => {
    if (off().length === 0) return 'all its jails are enabled'
    const isNone = off().length === props.service.jails.length
    return isNone
      ? 'no jail protects it'
      : `${off().length} of ${props.service.jails.length} jails are disabled`
  }
  return (
    <label class={styles['service']}>
      <input
        type="radio"
        name="service"
        checked={props.form.state().service === props.service.id}
        onChange={() =>
          props.form.set({
            service: props.service.id,
            jail: (off()[0] ?? props.service.jails[0])?.name ?? '',
          })
        }
      />
      <span class={styles['serviceName']}>{showHidden(props.service.name)}</span>
      <span class={styles['quiet']}>{props.service.running ? 'running' : 'installed'}</span>
      <span class={styles['covered']}>
        <Badge
          tone={
            off().length === 0 ? 'ok' : off().length === props.service.jails.length ? 'warning' : 'neutral'
          }
        >
          {words()}
        </Badge>
      </span>
    </label>
  )
}

function FilterFields(props: {
  form: NewJailForm
  filters: RouterOutputs['config']['filters'] | undefined
}): JSX.Element {
  const api = useApi()
  const modes = useQuery(() => ({
    ...configQueries.filterModes(api, props.form.state().filter),
    enabled: props.form.state().filter !== '',
  }))
  const choose = (filter: string) => {
    const { name, filter: before } = props.form.state()
    props.form.set({ filter, mode: '', ...((name === '' || name === before) && { name: filter }) })
  }
  return (
    <div class={styles['pair']}>
      <Select
        label="Filter"
        description="Patterns that match log lines."
        value={props.form.state().filter}
        options={[
          { value: '', label: 'Choose a filter' },
          ...(props.filters ?? []).map(({ name }) => ({ value: name, label: name })),
        ]}
        error={props.form.problem('filter')}
        onChange={choose}
      />
      <Show when={(modes.data ?? []).length > 0}>
        <Select
          label="Mode"
          description="Some filters find more failures in a stricter mode."
          value={props.form.state().mode}
          options={[
            { value: '', label: 'The filter’s own' },
            ...(modes.data ?? []).map((mode) => ({ value: mode, label: mode })),
          ]}
          onChange={(mode) => props.form.set({ mode })}
        />
      </Show>
      <TextField
        label="Name of the jail"
        description="Letters, digits, “.”, “_” and “-”."
        mono
        value={props.form.state().name}
        error={props.form.problem('name')}
        onChange={(name) => props.form.set({ name })}
      />
    </div>
  )
}

import { showHidden } from '@bangui/shared'
import type { RouterOutputs } from '@bangui/server/router'
import { For, type JSX, Match, Show, Switch } from 'solid-js'
import { Link } from '../../ui/link.tsx'
import { type ConfigPart, hrefOf } from './config-part.ts'

type Config = RouterOutputs['config']

export type PartHeaderProps = {
  part: ConfigPart
  jails: Config['jails'] | undefined
  filters: Config['filters'] | undefined
  actions: Config['actions'] | undefined
  configDir: string | undefined
}

/** A sentence about a part: what it is, and what uses it. */
export function PartHeader(props: PartHeaderProps): JSX.Element {
  return (
    <Switch>
      <Match when={props.part.kind === 'default'}>
        Values for all jails. A jail that sets an option itself does not use the value here.
      </Match>
      <Match when={props.part.kind === 'fail2ban'}>The settings of fail2ban itself, not of a jail.</Match>
      <Match when={props.part.kind === 'history'}>
        All changes of the configuration: who made them, and how they ended.
      </Match>
      <Match when={props.part.kind === 'new-jail'}>
        A jail looks for failures in a log, and bans the addresses that cause too many.
      </Match>
      <Match when={props.part.kind === 'file'}>
        {props.configDir === undefined ? 'A file of the configuration.' : `In ${showHidden(props.configDir)}`}
      </Match>
      <Match when={props.part.kind === 'jail' && findNamed(props.jails, props.part)}>
        {(jail) => (
          <>
            {jail().enabled ? 'Enabled jail. ' : 'Disabled jail. '}
            <Show when={jail().filter}>
              {(name) => (
                <>
                  Filter <Link href={hrefOf({ kind: 'filter', name: name() })}>{showHidden(name())}</Link>
                  .{' '}
                </>
              )}
            </Show>
            <Show when={jail().actions.length > 0}>
              {jail().actions.length === 1 ? 'Action ' : 'Actions '}
              <Links kind="action" names={jail().actions} />.
            </Show>
          </>
        )}
      </Match>
      <Match when={definitionOf(props)}>
        {(definition) => (
          <>
            <UsedBy names={definition().jails} jails={props.jails} /> Files:{' '}
            <Links kind="file" names={definition().files} />.
          </>
        )}
      </Match>
    </Switch>
  )
}

/** The jails that use a filter or an action, the enabled ones by name. */
function UsedBy(props: { names: readonly string[]; jails: Config['jails'] | undefined }): JSX.Element {
  const enabled = () => new Set(props.jails?.flatMap((jail) => (jail.enabled ? [jail.name] : [])))
  const active = () => props.names.filter((name) => enabled().has(name))
  const others = () => props.names.length - active().length
  return (
    <>
      <Show when={active().length > 0} fallback="Used by no enabled jail.">
        Used by <Links kind="jail" names={active()} />.
      </Show>
      <Show when={others() > 0}>
        {` ${others()} disabled ${others() === 1 ? 'jail names it' : 'jails name it'}.`}
      </Show>
    </>
  )
}

function Links(props: {
  kind: 'jail' | 'filter' | 'action' | 'file'
  names: readonly string[]
}): JSX.Element {
  return (
    <For each={props.names}>
      {(name, index) => (
        <>
          {index() > 0 ? ', ' : ''}
          <Link href={hrefOf({ kind: props.kind, name })}>{showHidden(name)}</Link>
        </>
      )}
    </For>
  )
}

const findNamed = <TItem extends { readonly name: string }>(
  items: readonly TItem[] | undefined,
  part: ConfigPart,
): TItem | undefined => ('name' in part ? items?.find(({ name }) => name === part.name) : undefined)

function definitionOf({ part, filters, actions }: PartHeaderProps) {
  if (part.kind === 'filter') return findNamed(filters, part)
  return part.kind === 'action' ? findNamed(actions, part) : undefined
}

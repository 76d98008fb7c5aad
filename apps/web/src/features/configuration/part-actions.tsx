import { showHidden } from '@bangui/shared'
import { createSignal, type JSX, Match, Show, Switch } from 'solid-js'
import { useCan } from '../../lib/permissions.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { toast } from '../../ui/toast.tsx'
import { type ConfigPart, hrefOf } from './config-part.ts'
import { DeletePartDialog } from './delete-part-dialog.tsx'
import type { Draft } from './draft.ts'
import { NewPartDialog } from './new-part-dialog.tsx'
import type { PartSources } from './part-sources.ts'

export type PartActionsProps = {
  part: ConfigPart | undefined
  sources: PartSources
  /** undefined: nobody may change it here */
  draft: Draft | undefined
}

/** What can be done with a part: open its page, test it, copy it and delete it. */
export function PartActions(props: PartActionsProps): JSX.Element {
  const mayRead = useCan('logs.read')
  const name = () => (props.part && 'name' in props.part ? encodeURIComponent(props.part.name) : '')
  return (
    <>
      <Show when={props.part === undefined && mayRead()}>
        <ButtonLink href="/logs">Logs</ButtonLink>
        <ButtonLink href="/regex-lab">Regex lab</ButtonLink>
      </Show>
      <Show when={props.part === undefined && props.draft}>
        <ButtonLink href={hrefOf({ kind: 'new-jail' })} variant="primary">
          New jail
        </ButtonLink>
      </Show>
      <Show when={props.part?.kind === 'filter' && mayRead()}>
        <ButtonLink href={`/regex-lab?filter=${name()}`}>Test the filter</ButtonLink>
      </Show>
      <Show when={props.part?.kind === 'jail' && existing(props)}>
        <ButtonLink href={`/jails/${name()}`}>Open the jail</ButtonLink>
      </Show>
      <Show when={props.draft}>{(draft) => <Changes {...props} draft={draft()} />}</Show>
    </>
  )
}

interface Named {
  readonly name: string
  readonly own: boolean
  readonly files: readonly string[]
  readonly users: readonly string[]
  readonly includers: readonly string[]
}

/** The jail, filter or action of a page, if it is on the machine. */
function existing({ part, sources }: PartActionsProps): Named | undefined {
  if (part?.kind === 'jail') {
    const jail = sources.jails?.find(({ name }) => name === part.name)
    return jail && { name: jail.name, own: jail.own, files: [], users: [], includers: [] }
  }
  const definitions = part?.kind === 'filter' ? sources.filters : sources.actions
  if (part?.kind !== 'filter' && part?.kind !== 'action') return undefined
  const found = definitions?.find(({ name }) => name === part.name)
  if (found === undefined) return undefined
  const { name, own, files, jails: users, includedBy: includers = [] } = found
  return { name, own, files, users, includers }
}

function Changes(props: PartActionsProps & { draft: Draft }): JSX.Element {
  const [isOpen, setOpen] = createSignal<'copy' | 'delete'>()
  const scope = () => props.part?.kind as 'jail' | 'filter' | 'action'
  const taken = () =>
    (scope() === 'jail'
      ? props.sources.jails
      : scope() === 'filter'
        ? props.sources.filters
        : props.sources.actions
    )?.map(({ name }) => name) ?? []
  // an action that is a program has no copy
  const mayCopy = () =>
    existing(props)?.name.endsWith('.py') === false && (scope() !== 'action' || props.sources.write === 'all')
  return (
    <Show when={existing(props)}>
      {(found) => (
        <>
          <Show when={mayCopy()}>
            <Button onClick={() => setOpen('copy')}>Copy</Button>
          </Show>
          <Show when={overrideOf(found(), scope(), props.sources.write)}>
            {(file) => (
              <Button onClick={() => removeOverride(props.draft, file())}>Remove the override</Button>
            )}
          </Show>
          <Show when={found().own && (scope() !== 'action' || props.sources.write === 'all')}>
            <Button aria-label={`Delete ${showHidden(found().name)}`} onClick={() => setOpen('delete')}>
              Delete
            </Button>
          </Show>
          <Switch>
            <Match when={isOpen() === 'copy'}>
              <NewPartDialog
                scope={scope()}
                from={found().name}
                taken={taken()}
                draft={props.draft}
                onClose={() => setOpen(undefined)}
              />
            </Match>
            <Match when={isOpen() === 'delete'}>
              <DeletePartDialog
                scope={scope()}
                name={found().name}
                files={found().files}
                users={found().users}
                includers={found().includers}
                draft={props.draft}
                onClose={() => setOpen(undefined)}
              />
            </Match>
          </Switch>
        </>
      )}
    </Show>
  )
}

/** Returns the own file beside that of a filter or an action; undefined: there is none, or the host does not let it go. */
function overrideOf({ name, files }: Named, scope: string, write: PartSources['write']): string | undefined {
  const isChange = files.includes(`${scope}.d/${name}.conf`)
  if (!isChange || (scope === 'action' && write !== 'all')) return undefined
  return files.find((file) => file === `${scope}.d/${name}.local`)
}

/** Without the own file, everything is as fail2ban comes with it. */
function removeOverride(draft: Draft, file: string): void {
  const before = draft.edits()
  draft.add({ kind: 'file', file, content: null })
  toast({
    title: `The removal of ${showHidden(file)} is in the draft`,
    text: 'Nothing changes until you apply the draft.',
    action: { label: 'Undo', onSelect: () => draft.store.change(before) },
  })
}

import { type Reference, showHidden, splitReferences } from '@bangui/shared'
import ArrowDown from 'lucide-solid/icons/arrow-down'
import ArrowUp from 'lucide-solid/icons/arrow-up'
import X from 'lucide-solid/icons/x'
import { createSignal, For, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useQuery } from '../../api/use-query.ts'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Select } from '../../ui/select.tsx'
import { labelOf } from './option-words.ts'
import { configQueries } from './queries.ts'
import { type FieldContext, filledIn, referredOption } from './field-context.ts'
import styles from './fields.module.css'
import { ParameterFields } from './parameter-fields.tsx'
import { hasPlainParameter, knownParameters, readReference } from './reference-parameters.ts'

export type ActionsFieldProps = {
  value: string
  problem: string | undefined
  context: FieldContext
  onChange: (value: string) => void
}

interface Item {
  readonly text: () => string
  readonly setText: (text: string) => void
}

function createItem(start: string): Item {
  const [text, setText] = createSignal(start)
  return { text, setText }
}

const itemsOf = (value: string) => splitReferences(value).map((text) => createItem(text.trim()))

/** The actions of a jail in their order, each with its parameters. */
export function ActionsField(props: ActionsFieldProps): JSX.Element {
  // oxlint-disable-next-line solid/reactivity -- the first value only: from then on, the items have what is typed
  const [items, setItems] = createSignal<readonly Item[]>(itemsOf(props.value))
  const emit = (next: readonly Item[]) => {
    setItems(next)
    props.onChange(next.map((item) => item.text()).join('\n'))
  }
  const move = (item: Item, by: number) => {
    const at = items().indexOf(item)
    emit(
      items()
        .toSpliced(at, 1)
        .toSpliced(at + by, 0, item),
    )
  }
  const isFixed = () => props.context.sources.write !== 'all'
  return (
    <div class={styles['stack']}>
      <Show
        when={items().length > 0}
        fallback={
          <p class={styles['note']}>The jail has no action: fail2ban records its bans, but blocks nobody.</p>
        }
      >
        <ol class={styles['items']} aria-label="Actions, in the order in which they run">
          <For each={items()}>
            {(item, index) => (
              <ActionItem
                item={item}
                context={props.context}
                isFixed={isFixed()}
                isFirst={index() === 0}
                isLast={index() === items().length - 1}
                onMove={(by) => move(item, by)}
                onRemove={() => emit(items().filter((each) => each !== item))}
                onChange={(text) => {
                  item.setText(text)
                  emit(items())
                }}
                onReplace={(text) =>
                  emit(items().flatMap((each) => (each === item ? itemsOf(text) : [each])))
                }
              />
            )}
          </For>
        </ol>
      </Show>
      <Show
        when={!isFixed()}
        fallback={
          <p class={styles['note']}>
            Here you can change the values of port, protocol, chain, dest and sender. To change anything else
            of the actions, set BANGUI_CONFIG_WRITE=all on the host.
          </p>
        }
      >
        <AddAction context={props.context} onAdd={(text) => emit([...items(), createItem(text)])} />
      </Show>
      <p class={styles['error']} aria-live="polite">
        {props.problem}
      </p>
    </div>
  )
}

function AddAction(props: { context: FieldContext; onAdd: (text: string) => void }): JSX.Element {
  const api = useApi()
  const defaults = useQuery(() => configQueries.effective(api, { kind: 'default' }))
  const ready = () => (defaults.data ?? []).flatMap(({ key }) => (key.startsWith('action_') ? [key] : []))
  return (
    <Select
      label="Add an action"
      value=""
      options={[
        { value: '', label: 'Choose an action' },
        ...ready().map((key) => ({
          value: `%(${key})s`,
          label: `${labelOf(key) ?? 'Ready-made action'} (${key})`,
        })),
        ...(props.context.sources.actions ?? []).map(({ name }) => ({
          value: name,
          label: name.replace(/\.py$/, ''),
        })),
      ]}
      onChange={(text) => text !== '' && props.onAdd(text)}
    />
  )
}

type ActionItemProps = {
  item: Item
  context: FieldContext
  /** only plain parameters can be changed */
  isFixed: boolean
  isFirst: boolean
  isLast: boolean
  onMove: (by: number) => void
  onRemove: () => void
  onChange: (text: string) => void
  onReplace: (text: string) => void
}

function ActionItem(props: ActionItemProps): JSX.Element {
  const [isOpen, setOpen] = createSignal(false)
  const option = () => referredOption(props.item.text())
  const reference = () => (option() === undefined ? readReference(props.item.text()) : undefined)
  const name = () => {
    const key = option()
    if (key !== undefined) return labelOf(key) ?? showHidden(key)
    return showHidden(filledIn(props.context, reference()?.name ?? props.item.text()))
  }
  /** as the file has it; undefined: nobody knows */
  const spelled = () =>
    props.context.settings.find(({ key, raw }) => key === option() && raw !== null)?.raw ?? undefined
  const mayChange = (text: string) => !props.isFixed || hasPlainParameter(text)
  return (
    <li class={styles['item']}>
      <div class={styles['line']}>
        <span class={styles['name']}>{name()}</span>
        <span class={styles['tools']}>
          <Show when={reference() && mayChange(props.item.text())}>
            <Button size="sm" variant="ghost" aria-expanded={isOpen()} onClick={() => setOpen(!isOpen())}>
              Parameters
            </Button>
          </Show>
          <Show when={mayChange(spelled() ?? '') && spelled()}>
            {(text) => (
              <Button size="sm" variant="ghost" onClick={() => props.onReplace(text())}>
                Edit its actions
              </Button>
            )}
          </Show>
          <Show when={!props.isFixed}>
            <IconButton
              size="sm"
              label={`Move ${name()} up`}
              icon={<ArrowUp />}
              disabled={props.isFirst}
              onClick={() => props.onMove(-1)}
            />
            <IconButton
              size="sm"
              label={`Move ${name()} down`}
              icon={<ArrowDown />}
              disabled={props.isLast}
              onClick={() => props.onMove(1)}
            />
            <IconButton size="sm" label={`Remove ${name()}`} icon={<X />} onClick={() => props.onRemove()} />
          </Show>
        </span>
      </div>
      <code class={styles['small']}>
        {showHidden(option() === undefined ? props.item.text() : filledIn(props.context, props.item.text()))}
      </code>
      <Show when={isOpen() && reference()}>
        {(found) => (
          <Show
            when={!props.isFixed}
            fallback={
              <ParameterFields
                reference={found()}
                known={[]}
                main={[]}
                isFixed
                context={props.context}
                onChange={props.onChange}
              />
            }
          >
            <Parameters context={props.context} reference={found()} onChange={props.onChange} />
          </Show>
        )}
      </Show>
    </li>
  )
}

function Parameters(props: {
  context: FieldContext
  reference: Reference
  onChange: (text: string) => void
}): JSX.Element {
  const name = () => filledIn(props.context, props.reference.name)
  return (
    <Show when={name()} keyed>
      {(action) => (
        <Show when={!action.endsWith('.py')} fallback={<ParameterFields {...props} known={[]} main={[]} />}>
          <KnownParameters {...props} name={action} />
        </Show>
      )}
    </Show>
  )
}

function KnownParameters(props: {
  name: string
  context: FieldContext
  reference: Reference
  onChange: (text: string) => void
}): JSX.Element {
  const api = useApi()
  const settings = useQuery(() => configQueries.effective(api, { kind: 'action', name: props.name }))
  const known = () =>
    knownParameters(
      settings.data ?? [],
      'action',
      new Set(props.context.options.action.map(({ key }) => key)),
    )
  return (
    <Show when={!settings.isPending}>
      <ParameterFields
        reference={props.reference}
        known={known()}
        main={['port', 'protocol', 'chain', 'dest']}
        context={props.context}
        onChange={props.onChange}
      />
    </Show>
  )
}

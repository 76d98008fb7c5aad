import ChevronRight from 'lucide-solid/icons/chevron-right'
import Plus from 'lucide-solid/icons/plus'
import { createSignal, For, type JSX, Match, Show, Switch } from 'solid-js'
import { formatNumber } from '../../lib/format.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { Link } from '../../ui/link.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { type ConfigPart, hrefOf, isSamePart } from './config-part.ts'
import styles from './config-tree.module.css'
import type { Draft } from './draft.ts'
import { NewPartDialog } from './new-part-dialog.tsx'
import type { PartSources } from './part-sources.ts'
import { listGroups, type TreeGroup, type TreeItem, type TreeSources } from './tree-items.ts'

export type ConfigTreeProps = {
  sources: TreeSources
  /** still loading: a group that is not known has a skeleton */
  loading: boolean
  current: ConfigPart | undefined
  /** undefined: nobody may change it here */
  draft: Draft | undefined
  write: PartSources['write']
}

const groupOf = { jail: 'jails', filter: 'filters', action: 'actions', file: 'files' } as const

/** Everything in the configuration, to choose from and to search. */
export function ConfigTree(props: ConfigTreeProps): JSX.Element {
  const [search, setSearch] = createSignal('')
  const [toggled, setToggled] = createSignal<ReadonlyMap<TreeGroup['id'], boolean>>(new Map())
  const currentGroup = () => {
    const kind = props.current?.kind
    return kind !== undefined && kind in groupOf ? groupOf[kind as keyof typeof groupOf] : 'jails'
  }
  const isOpen = (id: TreeGroup['id']) =>
    search().trim() !== '' || (toggled().get(id) ?? (id === currentGroup() && !isNarrow()))
  const groups = () => listGroups(props.sources, search())
  const found = () => groups().reduce((sum, { items }) => sum + (items?.length ?? 0), 0)
  return (
    <nav class={styles['tree']} aria-label="Configuration">
      <SearchField
        label="Search the configuration"
        placeholder="Search jails, options, files"
        value=""
        delayMs={120}
        onSearch={setSearch}
      />
      <Show when={search().trim() === ''}>
        <ul class={styles['list']}>
          <Fixed part={{ kind: 'default' }} current={props.current} label="[DEFAULT]" note="for all jails" />
          <Fixed
            part={{ kind: 'fail2ban' }}
            current={props.current}
            label="fail2ban.conf"
            note="the program"
          />
          <Fixed part={{ kind: 'history' }} current={props.current} label="Changes" note="history" />
        </ul>
      </Show>
      <For each={groups().map(({ id }) => id)}>
        {(id) => (
          <Show when={groups().find((group) => group.id === id)}>
            {(group) => (
              <Group
                group={group()}
                loading={props.loading}
                searching={search().trim() !== ''}
                open={isOpen(id)}
                current={props.current}
                onToggle={() => setToggled((before) => new Map(before).set(id, !isOpen(id)))}
                add={props.draft && <AddButton id={id} {...props} draft={props.draft} />}
              />
            )}
          </Show>
        )}
      </For>
      <p class={styles['nothing']} role="status">
        {search().trim() !== '' && found() === 0 ? 'Nothing has this name.' : ''}
      </p>
    </nav>
  )
}

const isNarrow = () => matchMedia('(width < 960px)').matches

function Fixed(props: {
  part: ConfigPart
  current: ConfigPart | undefined
  label: string
  note: string
}): JSX.Element {
  return (
    <Item
      item={{ label: props.label, note: props.note, part: props.part, href: hrefOf(props.part) }}
      current={props.current}
    />
  )
}

function Group(props: {
  group: TreeGroup
  loading: boolean
  searching: boolean
  open: boolean
  current: ConfigPart | undefined
  onToggle: () => void
  /** the button that adds one */
  add: JSX.Element
}): JSX.Element {
  const items = () => props.group.items
  const isHidden = () => props.searching && (items()?.length ?? 0) === 0
  return (
    <Show when={!isHidden()}>
      <section class={styles['group']} aria-label={props.group.label}>
        <Show
          when={!props.searching}
          fallback={
            <h2 class={styles['found']}>
              {props.group.label} <span class={styles['count']}>{formatNumber(items()?.length ?? 0)}</span>
            </h2>
          }
        >
          <h2 class={styles['head']}>
            <button
              type="button"
              class={styles['toggle']}
              aria-expanded={props.open}
              onClick={() => props.onToggle()}
            >
              <ChevronRight class={styles['chevron']} aria-hidden="true" />
              {props.group.label}
              <Show when={items()}>
                {(known) => <span class={styles['count']}>{formatNumber(known().length)}</span>}
              </Show>
            </button>
            {props.add}
          </h2>
        </Show>
        <Show when={props.open}>
          <Show when={items()} fallback={<Unknown loading={props.loading} />}>
            {(known) => (
              <ul class={styles['list']}>
                <For each={known()}>{(item) => <Item item={item} current={props.current} />}</For>
              </ul>
            )}
          </Show>
        </Show>
      </section>
    </Show>
  )
}

/** Makes a new jail, filter or action. */
function AddButton(props: ConfigTreeProps & { id: TreeGroup['id']; draft: Draft }): JSX.Element {
  const [isOpen, setOpen] = createSignal(false)
  const taken = () =>
    (props.id === 'filters' ? props.sources.filters : props.sources.actions)?.map(({ name }) => name) ?? []
  return (
    <Switch>
      <Match when={props.id === 'jails'}>
        <span class={styles['add']}>
          <Link href={hrefOf({ kind: 'new-jail' })} quiet label="New jail">
            <Plus aria-hidden="true" />
          </Link>
        </span>
      </Match>
      <Match when={props.id === 'filters' || (props.id === 'actions' && props.write === 'all')}>
        <IconButton
          size="sm"
          label={props.id === 'filters' ? 'New filter' : 'New action'}
          icon={<Plus />}
          onClick={() => setOpen(true)}
        />
        <Show when={isOpen()}>
          <NewPartDialog
            scope={props.id === 'filters' ? 'filter' : 'action'}
            taken={taken()}
            draft={props.draft}
            onClose={() => setOpen(false)}
          />
        </Show>
      </Match>
    </Switch>
  )
}

function Unknown(props: { loading: boolean }): JSX.Element {
  return (
    <Show when={props.loading} fallback={<p class={styles['nothing']}>Not readable at the moment.</p>}>
      <div class={styles['waiting']}>
        <Skeleton lines={4} height="16px" />
      </div>
    </Show>
  )
}

function Item(props: { item: TreeItem; current: ConfigPart | undefined }): JSX.Element {
  const isCurrent = () => props.item.part !== undefined && isSamePart(props.current, props.item.part)
  return (
    <li
      class={styles['item']}
      data-current={isCurrent() ? '' : undefined}
      data-idle={props.item.isIdle ? '' : undefined}
    >
      <Link href={props.item.href} quiet current={isCurrent()}>
        <span class={styles['name']}>{props.item.label}</span>
        <Show when={props.item.note}>
          {' '}
          <span class={styles['note']}>{props.item.note}</span>
        </Show>
      </Link>
    </li>
  )
}

import type { RouterOutputs } from '@bangui/server/router'
import { type Edit, showHidden } from '@bangui/shared'
import { type ConfigPart, hrefOf, settingHref } from './config-part.ts'
import { type CatalogueOption, labelOf } from './option-words.ts'

type Config = RouterOutputs['config']

/** What the tree is made of; undefined: not known yet, or not readable. */
export interface TreeSources {
  readonly jails: Config['jails'] | undefined
  readonly filters: Config['filters'] | undefined
  readonly actions: Config['actions'] | undefined
  readonly files: Config['files']['files'] | undefined
  readonly options: Config['options'] | undefined
  /** what the draft creates is shown as well */
  readonly drafted?: readonly Edit[]
}

export interface TreeItem {
  readonly label: string
  readonly href: string
  /** undefined: a link to one setting */
  readonly part?: ConfigPart
  /** shown after the label */
  readonly note?: string
  /** used by no jail that is enabled, or not enabled itself */
  readonly isIdle?: boolean
}

export interface TreeGroup {
  readonly id: 'options' | 'jails' | 'filters' | 'actions' | 'files'
  readonly label: string
  /** undefined: not known */
  readonly items: readonly TreeItem[] | undefined
}

/** Returns the groups of the tree; with a search, only what it finds, and single options as well. */
export function listGroups(sources: TreeSources, search: string): TreeGroup[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const isFound = (text: string) => words.every((word) => text.toLowerCase().includes(word))
  const found = (items: readonly TreeItem[] | undefined) =>
    words.length === 0 ? items : items?.filter(({ label }) => isFound(label))
  const groups: TreeGroup[] = [
    {
      id: 'jails',
      label: 'Jails',
      items: found(withDrafted('jail', jailItems(sources.jails), sources.drafted)),
    },
    {
      id: 'filters',
      label: 'Filters',
      items: found(withDrafted('filter', definitionItems('filter', sources), sources.drafted)),
    },
    {
      id: 'actions',
      label: 'Actions',
      items: found(withDrafted('action', definitionItems('action', sources), sources.drafted)),
    },
    { id: 'files', label: 'Files', items: found(fileItems(sources.files)) },
  ]
  if (words.length === 0) return groups
  return [{ id: 'options', label: 'Options', items: optionItems(sources.options, isFound) }, ...groups]
}

const jailItems = (jails: TreeSources['jails']): TreeItem[] | undefined =>
  jails
    ?.toSorted((one, other) => Number(other.enabled) - Number(one.enabled) || compare(one.name, other.name))
    .map(({ name, enabled }) => ({
      ...itemOf({ kind: 'jail', name }),
      ...(!enabled && { note: 'disabled', isIdle: true }),
    }))

function definitionItems(kind: 'filter' | 'action', sources: TreeSources): TreeItem[] | undefined {
  const enabled = new Set(sources.jails?.flatMap((jail) => (jail.enabled ? [jail.name] : [])))
  const definitions = kind === 'filter' ? sources.filters : sources.actions
  return definitions
    ?.map(({ name, jails }) => ({ name, isUsed: jails.some((jail) => enabled.has(jail)) }))
    .toSorted((one, other) => Number(other.isUsed) - Number(one.isUsed) || compare(one.name, other.name))
    .map(({ name, isUsed }) => ({
      ...itemOf({ kind, name }),
      ...(!isUsed && { note: 'not in use', isIdle: true }),
    }))
}

function withDrafted(
  kind: 'jail' | 'filter' | 'action',
  items: readonly TreeItem[] | undefined,
  edits: readonly Edit[] = [],
): readonly TreeItem[] | undefined {
  if (items === undefined) return undefined
  const hrefs = new Set(items.map(({ href }) => href))
  const created = edits
    .flatMap((edit) =>
      edit.kind === 'create' && edit.scope === kind ? [itemOf({ kind, name: edit.name })] : [],
    )
    .filter(({ href }) => !hrefs.has(href))
    .map((item) => ({ ...item, note: 'draft' }))
  return [...created, ...items]
}

const fileItems = (files: TreeSources['files']): TreeItem[] | undefined =>
  files
    // own files first: they decide
    ?.toSorted(
      (one, other) => Number(isOwn(other.path)) - Number(isOwn(one.path)) || compare(one.path, other.path),
    )
    .map(({ path }) => itemOf({ kind: 'file', name: path }))

/** Returns whether a file is one in which people write their own settings: `*.local`, or a file in `jail.d` or `fail2ban.d`. */
export const isOwn = (path: string): boolean =>
  path.endsWith('.local') || /^(jail|fail2ban)\.d\/[^/]+\.conf$/.test(path)

function optionItems(
  options: TreeSources['options'],
  isFound: (text: string) => boolean,
): TreeItem[] | undefined {
  const itemsOf = (part: ConfigPart, known: readonly CatalogueOption[], section: string) =>
    known
      .filter(({ key }) => isFound(`${key} ${labelOf(key) ?? ''}`))
      .map(({ key }) => ({
        label: key,
        note: part.kind === 'default' ? '[DEFAULT]' : 'fail2ban.conf',
        href: settingHref(part, { section: key === 'stacksize' ? 'Thread' : section, key }),
      }))
  return (
    options && [
      ...itemsOf({ kind: 'default' }, options.jail, 'DEFAULT'),
      ...itemsOf({ kind: 'fail2ban' }, options.fail2ban, 'Definition'),
    ]
  )
}

const itemOf = (part: Extract<ConfigPart, { name: string }>): TreeItem => ({
  label: showHidden(part.name),
  href: hrefOf(part),
  part,
})

const compare = (one: string, other: string) => one.localeCompare(other, 'en')

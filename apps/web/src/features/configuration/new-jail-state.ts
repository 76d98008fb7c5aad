import type { Edit, FoundService } from '@bangui/shared'
import { parseDuration } from '@bangui/shared'
import { isNewName, NAME_RULE } from './new-names.ts'

/** What is filled in for a new jail. */
export interface NewJail {
  readonly from: 'service' | 'filter'
  /** the id of a service; empty: none is chosen */
  readonly service: string
  /** the stock jail that is enabled; empty: none is chosen */
  readonly jail: string
  readonly filter: string
  /** empty: the filter's own */
  readonly mode: string
  /** of the new jail */
  readonly name: string
  readonly source: 'files' | 'journal'
  readonly logs: readonly string[]
  /** as in `journalmatch` */
  readonly journal: string
  readonly maxretry: string
  readonly findtime: string
  readonly bantime: string
  readonly port: string
  readonly banaction: string
}

export const emptyJail: NewJail = {
  from: 'service',
  service: '',
  jail: '',
  filter: '',
  mode: '',
  name: '',
  source: 'files',
  logs: [],
  journal: '',
  maxretry: '',
  findtime: '',
  bantime: '',
  port: '',
  banaction: '',
}

/** The values that the jail has already: of a stock jail, or of `[DEFAULT]`. */
export type PresentValues = Readonly<Record<string, string | undefined>>

/** Returns the name of the jail that is made or enabled; empty: it has none yet. */
export const jailNameOf = ({ from, jail, name }: NewJail): string => (from === 'service' ? jail : name.trim())

/** Returns the filter of the jail; undefined: none is chosen. */
export function filterOf(
  { from, jail, filter }: NewJail,
  services: readonly FoundService[],
): string | undefined {
  if (from === 'filter') return filter || undefined
  const found = services.flatMap(({ jails }) => jails).find(({ name }) => name === jail)
  return found === undefined ? undefined : (found.filter ?? undefined)
}

/** Returns the rule by which failures are counted; undefined: it is not filled in, or wrong. */
export function ruleOf({ maxretry, findtime }: NewJail) {
  const seconds = parseDuration(findtime)
  if (!/^[1-9]\d{0,8}$/.test(maxretry.trim()) || seconds === undefined || seconds <= 0) return undefined
  return { maxretry: Number(maxretry), findtime: seconds }
}

/** Returns the edits that make the jail, or enable it. */
export function editsOf(state: NewJail, present: PresentValues): Edit[] {
  const name = jailNameOf(state)
  const set = (key: string, value: string): Edit => ({ kind: 'set', scope: 'jail', name, key, value })
  const wanted: [key: string, value: string][] = [
    ...(state.from === 'filter' ? [['filter', filterText(state)] as [string, string]] : []),
    ...sourceOf(state, present),
    ['port', state.port.trim()],
    ['maxretry', state.maxretry.trim()],
    ['findtime', state.findtime.trim()],
    ['bantime', state.bantime.trim()],
    ['banaction', state.banaction],
  ]
  const changed = wanted.filter(([key, value]) => value !== '' && value !== (present[key] ?? ''))
  return [
    ...(state.from === 'filter' ? [{ kind: 'create', scope: 'jail', name } as const] : []),
    ...changed.map(([key, value]) => set(key, value)),
    set('enabled', 'true'),
  ]
}

const filterText = ({ filter, mode }: NewJail) => (mode === '' ? filter : `${filter}[mode=${mode}]`)

function sourceOf({ source, logs, journal }: NewJail, present: PresentValues): [string, string][] {
  const readsJournal = (present['backend'] ?? '').startsWith('systemd')
  if (source === 'journal')
    return [
      ['backend', readsJournal ? '' : 'systemd'],
      ['journalmatch', journal],
    ]
  return [
    ['backend', readsJournal ? 'auto' : ''],
    ['logpath', logs.join('\n')],
  ]
}

/** Returns what is missing or wrong, by field; empty: the jail can be made. */
export function problemsOf(
  state: NewJail,
  taken: ReadonlySet<string>,
): Partial<Record<keyof NewJail, string>> {
  const problems: Partial<Record<keyof NewJail, string>> = {}
  if (state.from === 'service' && state.jail === '') problems.service = 'Choose a service.'
  if (state.from === 'filter') {
    if (state.filter === '') problems.filter = 'Choose a filter.'
    if (!isNewName(state.name.trim())) problems.name = NAME_RULE
    else if (taken.has(state.name.trim())) problems.name = 'There is already a jail with this name.'
  }
  if (state.source === 'files' && state.logs.length === 0) problems.logs = 'Choose at least one log file.'
  if (state.source === 'journal' && state.journal.trim() === '') problems.journal = 'Choose journal entries.'
  if (!/^[1-9]\d{0,8}$/.test(state.maxretry.trim())) problems.maxretry = 'Enter a whole number of at least 1.'
  for (const key of ['findtime', 'bantime'] as const)
    if (parseDuration(state[key]) === undefined) problems[key] = 'Enter a duration such as 10m or 1d 12h.'
  if (!/^(?:[a-z0-9][a-z0-9,:_-]{0,499})?$/.test(state.port.trim()))
    problems.port = 'Enter port names or numbers, such as ssh,2222 or 8000:8010.'
  return problems
}

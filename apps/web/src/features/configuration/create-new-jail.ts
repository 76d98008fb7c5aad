import { useSearchParams } from '@solidjs/router'
import type { EffectiveSetting } from '@bangui/shared'
import { batch, createEffect, createMemo, createSignal, untrack } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError } from '../../api/errors.ts'
import { useQuery } from '../../api/use-query.ts'
import { configQueries } from './queries.ts'
import {
  editsOf,
  emptyJail,
  filterOf,
  jailNameOf,
  type NewJail,
  type PresentValues,
  problemsOf,
  ruleOf,
} from './new-jail-state.ts'

/** Returns what is filled in for a new jail, with what follows from it. */
export function createNewJail(taken: () => ReadonlySet<string>) {
  const api = useApi()
  const [params] = useSearchParams<{ jail?: string; filter?: string }>()
  const [state, setState] = createSignal<NewJail>({
    ...emptyJail,
    ...(params.filter && { from: 'filter', filter: params.filter, name: params.filter }),
  })
  const [isTried, setTried] = createSignal(false)
  const services = useQuery(() => configQueries.services(api))
  const set = (changes: Partial<NewJail>) => setState({ ...state(), ...changes })
  // without a service to choose, a filter is chosen; whoever goes back sees why there is none
  createEffect((isDone: boolean) => {
    if (isDone || services.data === undefined) return isDone
    if (services.data.length === 0) set({ from: 'filter' })
    return true
  }, false)
  const service = () => services.data?.find(({ id }) => id === state().service)
  const isStock = () => state().from === 'service'
  /** the jail that is enabled; empty: a new one, which begins with the values of `[DEFAULT]` */
  const stock = () => (isStock() ? state().jail : '')
  const settings = useQuery(() =>
    configQueries.effective(api, stock() === '' ? { kind: 'default' } : { kind: 'jail', name: stock() }),
  )
  const [present, setPresent] = createSignal<PresentValues>({})
  const [begun, setBegun] = createSignal<string>()
  const filter = () => filterOf(state(), services.data ?? [])
  const subject = createMemo(() => JSON.stringify([stock(), filter() ?? null]))
  // another subject has other values
  createEffect(() => {
    const wanted = subject()
    const values = settings.data && valuesOf(settings.data, stock())
    if (values === undefined || untrack(begun) === wanted) return
    batch(() => {
      setPresent(values)
      set(startOf(untrack(state), values, untrack(service)))
      setBegun(wanted)
    })
  })
  const problems = createMemo(() => problemsOf(state(), isStock() ? new Set() : taken()))
  return {
    state,
    set,
    services,
    service,
    filter,
    present,
    isTried,
    setTried: () => setTried(true),
    isChosen: () => filter() !== undefined && begun() === subject(),
    /** why the values of the jail are not known */
    unread: () => (settings.isError ? describeError(settings.error).message : undefined),
    name: () => jailNameOf(state()),
    rule: () => ruleOf(state()),
    edits: () => editsOf(state(), present()),
    isWrong: () => Object.keys(problems()).length > 0,
    /** a missing value is no error before somebody wants to go on */
    problem: (key: keyof NewJail) =>
      isTried() || (state()[key].length > 0 && key !== 'logs') ? problems()[key] : undefined,
  }
}

/** Returns the values that a jail has already, or those of `[DEFAULT]` where `jail` is empty; undefined: they are those of another one. */
function valuesOf(settings: readonly EffectiveSetting[], jail: string): PresentValues | undefined {
  const own = settings.filter(({ section }) => section === (jail || 'DEFAULT'))
  return own.length === 0 ? undefined : Object.fromEntries(own.map(({ key, value }) => [key, value]))
}

export type NewJailForm = ReturnType<typeof createNewJail>

type Service = NonNullable<ReturnType<NewJailForm['service']>>

/** The values with which a subject begins: those that the jail has, and the logs of the service. */
function startOf(state: NewJail, present: PresentValues, service: Service | undefined): Partial<NewJail> {
  const configured = state.from === 'service' ? (present['logpath'] ?? '').split('\n').filter(Boolean) : []
  const found = service?.logs.map(({ path }) => path) ?? []
  const logs = configured.some((path) => /[*?]/.test(path) || found.includes(path))
    ? configured
    : found.slice(0, 1)
  const journal = (present['journalmatch'] ?? '') || (service?.journal ?? '')
  const readsJournal = (present['backend'] ?? '').startsWith('systemd') || logs.length === 0
  return {
    logs: logs.length > 0 ? logs : configured,
    journal: journal.split('\n')[0] ?? '',
    source: readsJournal && journal !== '' ? 'journal' : 'files',
    maxretry: present['maxretry'] ?? '5',
    findtime: present['findtime'] ?? '10m',
    bantime: present['bantime'] ?? '10m',
    port: present['port'] ?? '',
    banaction: present['banaction'] ?? '',
  }
}

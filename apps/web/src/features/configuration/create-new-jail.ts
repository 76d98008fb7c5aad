import { useSearchParams } from '@solidjs/router'
import { createEffect, createMemo, createSignal } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
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
  const service = () => services.data?.find(({ id }) => id === state().service)
  const isStock = () => state().from === 'service'
  const part = () =>
    isStock() && state().jail !== ''
      ? ({ kind: 'jail', name: state().jail } as const)
      : ({ kind: 'default' } as const)
  const settings = useQuery(() => configQueries.effective(api, part()))
  const present = createMemo((): PresentValues => {
    const own = settings.data?.filter(({ section }) => section === (part().name ?? 'DEFAULT')) ?? []
    return Object.fromEntries(own.map(({ key, value }) => [key, value]))
  })
  const filter = () => filterOf(state(), services.data ?? [])
  // another subject has other values
  createEffect((before: string | undefined) => {
    const subject = settings.data === undefined ? undefined : JSON.stringify([part(), filter()])
    if (subject !== undefined && subject !== before) set(startOf(state(), present(), service()))
    return subject ?? before
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
    isChosen: () => filter() !== undefined && settings.data !== undefined,
    name: () => jailNameOf(state()),
    rule: () => ruleOf(state()),
    edits: () => editsOf(state(), present()),
    isWrong: () => Object.keys(problems()).length > 0,
    /** a missing value is no error before somebody wants to go on */
    problem: (key: keyof NewJail) =>
      isTried() || (state()[key].length > 0 && key !== 'logs') ? problems()[key] : undefined,
  }
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

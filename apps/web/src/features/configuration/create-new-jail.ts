import { useSearchParams } from '@solidjs/router'
import { type QueryClient, useQueryClient } from '@tanstack/solid-query'
import { batch, createEffect, createMemo, createSignal, untrack } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import type { Api } from '../../api/client.ts'
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
  const client = useQueryClient()
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
  /** the jail that is enabled; empty: a new one, which begins with the values of `[DEFAULT]` */
  const stock = () => (isStock() ? state().jail : '')
  const [present, setPresent] = createSignal<PresentValues>({})
  const [begun, setBegun] = createSignal<string>()
  const [unread, setUnread] = createSignal<string>()
  const filter = () => filterOf(state(), services.data ?? [])
  const subject = createMemo(() => JSON.stringify([stock(), filter() ?? null]))
  const begin = async (wanted: string, jail: string) => {
    setUnread(undefined)
    try {
      const values = await readPresent({ api, client }, jail)
      if (subject() !== wanted) return
      batch(() => {
        setPresent(values)
        set(startOf(state(), values, service()))
        setBegun(wanted)
      })
    } catch (error) {
      if (subject() === wanted) setUnread(describeError(error).message)
    }
  }
  // another subject has other values
  createEffect(() => void begin(subject(), untrack(stock)))
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
    unread,
    name: () => jailNameOf(state()),
    rule: () => ruleOf(state()),
    edits: () => editsOf(state(), present()),
    isWrong: () => Object.keys(problems()).length > 0,
    /** a missing value is no error before somebody wants to go on */
    problem: (key: keyof NewJail) =>
      isTried() || (state()[key].length > 0 && key !== 'logs') ? problems()[key] : undefined,
  }
}

/** Returns the values that a jail has already, or those of `[DEFAULT]` where `jail` is empty. */
async function readPresent(
  { api, client }: { readonly api: Api; readonly client: QueryClient },
  jail: string,
): Promise<PresentValues> {
  const part = jail === '' ? ({ kind: 'default' } as const) : ({ kind: 'jail', name: jail } as const)
  const settings = await client.fetchQuery(configQueries.effective(api, part))
  const own = settings.filter(({ section }) => section === (jail || 'DEFAULT'))
  return Object.fromEntries(own.map(({ key, value }) => [key, value]))
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

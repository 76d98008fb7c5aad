import { listOfOrigin, type Origin } from '@bangui/shared'
import type { JSX } from 'solid-js'
import { useQuery } from '../api/use-query.ts'
import { useStatsApi } from '../api/stats-api.ts'
import { Select } from '../ui/select.tsx'
import { describeOrigin, readOrigin } from './origin-words.ts'
import { statsQueries } from './queries.ts'

export type OriginSelectProps = {
  /** undefined: everybody's bans */
  value: Origin | undefined
  onChange: (origin: Origin | undefined) => void
  /** @default 'Banned by' */
  label?: string
  /** the option that does not filter. @default 'Banned by anybody' */
  all?: string
}

/** There are hardly more blocklists. */
const MAX_ORIGINS = 100
/** How often the names are read again where that of the chosen blocklist is not among them. */
const UNKNOWN_NAME_INTERVAL_MS = 10_000

/** The label of the field is not on screen: a choice says by itself what it chooses. */
const choiceOf = (origin: Origin, name: string | null | undefined): string =>
  choices[origin] ?? describeOrigin(origin, name)

const choices: { readonly [TOrigin in Origin]?: string } = {
  fail2ban: 'Banned by fail2ban',
  user: 'Banned by users',
  blocklist: 'Banned by blocklists',
  unknown: 'Banned by others',
}

/** Chooses whose bans are shown: fail2ban's, those of users, of somebody unknown, or of the blocklists that ever banned. */
export function OriginSelect(props: OriginSelectProps): JSX.Element {
  const api = useStatsApi()
  const known = useQuery(() => ({
    ...statsQueries.top(api, 'byOrigin', { range: 'all', source: 'archive', limit: MAX_ORIGINS }),
    staleTime: 300_000,
    // the name of a list that has just banned for the first time is known a moment later
    refetchInterval: ({
      state,
    }: {
      readonly state: { readonly data?: readonly { readonly key: string }[] }
    }) =>
      listOfOrigin(props.value ?? 'user') !== undefined && !state.data?.some(({ key }) => key === props.value)
        ? UNKNOWN_NAME_INTERVAL_MS
        : false,
  }))
  const options = () => {
    const names = new Map((known.data ?? []).map(({ key, name }) => [key, name]))
    const lists = [...names.keys()].filter((key) => key.startsWith('blocklist:'))
    const fixed: readonly Origin[] = ['fail2ban', 'user', 'blocklist', 'unknown']
    const all = new Set([...fixed, ...lists, ...(props.value ? [props.value] : [])])
    return [
      { value: '', label: props.all ?? 'Banned by anybody' },
      ...[...all].map((origin) => ({
        value: origin,
        label: (props.all === undefined ? choiceOf : describeOrigin)(origin, names.get(origin)),
      })),
    ]
  }
  return (
    <Select
      label={props.label ?? 'Banned by'}
      hideLabel
      value={props.value ?? ''}
      options={options()}
      onChange={(text) => props.onChange(readOrigin(text))}
    />
  )
}

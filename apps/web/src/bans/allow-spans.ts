import { DAY_MS, HOUR_MS } from '@bangui/shared'

/** For how long an entry of the allow list can be meant; undefined: it does not end. */
export const allowSpans: readonly {
  readonly value: string
  readonly label: string
  readonly spanMs: number | undefined
}[] = [
  { value: 'always', label: 'No end', spanMs: undefined },
  { value: 'hour', label: '1 hour', spanMs: HOUR_MS },
  { value: 'day', label: '24 hours', spanMs: DAY_MS },
  { value: 'week', label: '7 days', spanMs: 7 * DAY_MS },
]

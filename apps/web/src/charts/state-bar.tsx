import { type StateDay, STATE_DAYS } from '@bangui/shared'
import { createMemo, For, type JSX } from 'solid-js'
import { formatSpan, plural } from '../lib/format.ts'
import styles from './state-bar.module.css'

export type StateBarProps = {
  /** what the bar is about, for screen readers */
  name: string
  /** the days that were observed, the oldest first; undefined: not loaded yet */
  days: readonly StateDay[] | undefined
  /** epoch milliseconds: the last day is that of this time */
  now: number
}

const DAY_MS = 86_400_000
const dates = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' })

type DayState = 'up' | 'idle' | 'short' | 'down' | 'unknown'

/** The state on each of the last 90 days, as a bar with a column for each; colours differ in height, too. */
export function StateBar(props: StateBarProps): JSX.Element {
  const columns = createMemo(() => {
    const byDay = new Map((props.days ?? []).map((day) => [day.day, day]))
    const today = Math.floor(props.now / DAY_MS) * DAY_MS
    return Array.from({ length: STATE_DAYS }, (_, index) => {
      const day = today - (STATE_DAYS - 1 - index) * DAY_MS
      const known = byDay.get(day)
      return { state: stateOf(known), isChanged: (known?.changes ?? 0) > 0, text: describeDay(day, known) }
    })
  })
  return (
    <span
      class={styles['bar']}
      role="img"
      aria-label={describeStates(props.name, props.days ?? [])}
      aria-busy={props.days === undefined ? true : undefined}
    >
      <For each={columns()}>
        {(column) => (
          <span
            class={styles['day']}
            data-state={column.state}
            data-changed={column.isChanged ? '' : undefined}
            data-tooltip={column.text}
          />
        )}
      </For>
    </span>
  )
}

/** A day with less is marked as one with a short stop. */
const SHORT_SECONDS = 600

function stateOf(day: StateDay | undefined): DayState {
  if (!day || day.upSeconds + day.downSeconds + day.idleSeconds === 0) return 'unknown'
  if (day.downSeconds > SHORT_SECONDS) return 'down'
  if (day.downSeconds > 0) return 'short'
  return day.idleSeconds > 0 ? 'idle' : 'up'
}

function describeDay(day: number, known: StateDay | undefined): string {
  const date = dates.format(day)
  if (stateOf(known) === 'unknown' || !known) return `${date}: not recorded`
  const parts = [
    known.downSeconds > 0 ? `not running for ${formatSpan(known.downSeconds)}` : '',
    known.idleSeconds > 0 ? `idle for ${formatSpan(known.idleSeconds)}` : '',
    known.changes > 0 ? plural(known.changes, 'change') : '',
  ].filter(Boolean)
  return `${date}: ${parts.join(', ') || 'running'}`
}

const shares = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 2 })

/** Returns the days as a sentence: "sshd, last 90 days: running 99.9% of the recorded time, since Nov 30, 2026". */
function describeStates(name: string, days: readonly StateDay[]): string {
  const up = days.reduce((sum, day) => sum + day.upSeconds + day.idleSeconds, 0)
  const all = days.reduce((sum, day) => sum + day.downSeconds, up)
  const [first] = days
  if (!first || all === 0) return `${name}, last ${STATE_DAYS} days: not recorded yet`
  // never rounded up to all of it
  const share = Math.floor((up / all) * 10_000) / 10_000
  return `${name}, last ${STATE_DAYS} days: running ${shares.format(share)} of the recorded time, since ${dates.format(first.day)}`
}

import { createMemo, type JSX } from 'solid-js'
import { type ConnectionState, isCurrent } from '../live/connection-status.ts'
import { useLive } from '../live/live-store.tsx'
import { useNow } from '../lib/clock.ts'
import { formatDuration } from '../lib/format.ts'
import { StatusDot } from '../ui/status-dot.tsx'
import type { Tone } from '../ui/tone.ts'
import styles from './live-dot.module.css'

const states: Record<ConnectionState, { tone: Tone; label: string; detail: string }> = {
  live: { tone: 'ok', label: 'Live', detail: 'The page updates live.' },
  polling: {
    tone: 'warning',
    label: 'Polling',
    detail: 'The live stream does not get through. This page asks for changes every 3 seconds instead.',
  },
  connecting: { tone: 'neutral', label: 'Connecting', detail: 'Connecting to BanGUI.' },
  reconnecting: {
    tone: 'warning',
    label: 'Reconnecting',
    detail: 'The connection to BanGUI was lost. Reconnecting.',
  },
  offline: { tone: 'danger', label: 'Offline', detail: 'BanGUI cannot be reached. Retrying.' },
}

/** Shows whether the data on screen is live, and if not, how old it is. */
export function LiveDot(): JSX.Element {
  const live = useLive()
  const now = useNow()
  const state = () => states[live.connection]
  const age = createMemo(() => {
    if (isCurrent(live.connection) || live.lastMessageAt === undefined) return undefined
    return formatDuration(Math.max(0, Math.round((now() - live.lastMessageAt) / 1000)))
  })
  const text = () => (age() === undefined ? state().detail : `${state().detail} The data is ${age()} old.`)
  return (
    <span class={styles['dot']} data-state={live.connection} data-tooltip={text()} tabindex="0" role="status">
      <StatusDot
        tone={state().tone}
        label={state().label}
        pulse={live.connection === 'connecting' || live.connection === 'reconnecting'}
      />
      <span class={styles['age']} aria-hidden="true">
        {live.connection === 'offline' ? age() : undefined}
      </span>
    </span>
  )
}

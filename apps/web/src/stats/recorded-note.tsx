import { type JSX, Show } from 'solid-js'
import { formatSince, recordedSentence, useRecorded } from './recorded.ts'
import styles from './recorded-note.module.css'
import type { RangeState } from './use-range.ts'

/** Says since when the lists and numbers of a page are recorded, if the range begins earlier. */
export function RecordedNote(props: { state: RangeState }): JSX.Element {
  const recorded = useRecorded(() => props.state.query())
  const isLive = () => props.state.query().source === 'live'
  // individual bans may be kept for a shorter time than the numbers by hour and day
  const single = () => {
    const { bans = 0, singleBans } = recorded()
    return singleBans !== undefined && singleBans > bans ? singleBans : undefined
  }
  return (
    <Show when={recorded().bans ?? single()}>
      <p class={styles['note']} role="note">
        <Show when={recorded().bans}>
          {(since) =>
            isLive()
              ? `fail2ban’s database has bans since ${formatSince(since())}. There are no earlier records. `
              : `${recordedSentence('Bans', since())} `
          }
        </Show>
        <Show when={single()}>
          {(since) => <>Individual bans, addresses and networks are known since {formatSince(since())}.</>}
        </Show>
      </p>
    </Show>
  )
}

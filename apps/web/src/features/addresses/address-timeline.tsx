import { type AddressDetail, showHidden } from '@bangui/shared'
import { For, type JSX, Show } from 'solid-js'
import { plural } from '../../lib/format.ts'
import { Card } from '../../ui/card.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import styles from './address-page.module.css'
import { type TimelineDay, timelineDays } from './timeline.ts'

const dayText = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' })
const height = 56
const step = 8

/** Bans a day over all jails; the same figures as a table for screen readers. */
export function AddressTimeline(props: { timeline: AddressDetail['timeline'] }): JSX.Element {
  const days = () => timelineDays(props.timeline, Date.now())
  const most = () => Math.max(1, ...days().map((each) => each.bans))
  const banned = () => days().filter((each) => each.bans > 0)
  return (
    <Card title="Bans by day" description="Over all jails, in days of UTC.">
      <Show when={banned().length > 0} fallback={<p class={styles['none']}>No ban in the last weeks.</p>}>
        <svg
          class={styles['timeline']}
          viewBox={`0 0 ${days().length * step} ${height}`}
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          <For each={days()}>
            {(day, index) => (
              <rect
                class={styles['day']}
                data-none={day.bans === 0 ? '' : undefined}
                data-tooltip={textOf(day)}
                x={index() * step + 1}
                width={step - 2}
                y={height - barHeight(day, most())}
                height={barHeight(day, most())}
                rx={1}
              />
            )}
          </For>
        </svg>
        <p class={styles['axis']} aria-hidden="true">
          <span>{dayText.format(days()[0]?.day)}</span>
          <span>today</span>
        </p>
        <VisuallyHidden>
          <table>
            <caption>Bans by day</caption>
            <thead>
              <tr>
                <th scope="col">Day</th>
                <th scope="col">Bans</th>
              </tr>
            </thead>
            <tbody>
              <For each={banned()}>
                {(day) => (
                  <tr>
                    <th scope="row">{dayText.format(day.day)}</th>
                    <td>{jailsOf(day)}</td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </VisuallyHidden>
      </Show>
    </Card>
  )
}

const barHeight = (day: TimelineDay, most: number) =>
  day.bans === 0 ? 2 : Math.max(6, Math.round((day.bans / most) * height))

const jailsOf = (day: TimelineDay) =>
  day.jails.map(({ jail, bans }) => `${plural(bans, 'ban')} in ${showHidden(jail)}`).join(', ')

const textOf = (day: TimelineDay) => `${dayText.format(day.day)}: ${jailsOf(day) || 'none'}`

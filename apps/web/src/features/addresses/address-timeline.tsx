import { type AddressDetail, showHidden } from '@bangui/shared'
import { For, type JSX, Show } from 'solid-js'
import { plural } from '../../lib/format.ts'
import { Unrecorded } from '../../charts/unrecorded.tsx'
import { Card } from '../../ui/card.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import { describeRecorded } from '../../stats/recorded.ts'
import styles from './address-page.module.css'
import { type TimelineDay, timelineDays } from './timeline.ts'

const dayText = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' })
const HEIGHT_PX = 56
const DAY_WIDTH_PX = 8

/** Bans per day in all jails; the same numbers as a table for screen readers. */
export function AddressTimeline(props: {
  detail: Pick<AddressDetail, 'timeline' | 'recordedSince'>
}): JSX.Element {
  const days = () => timelineDays(props.detail, Date.now())
  const unrecorded = () => days().filter((day) => day.isUnrecorded).length
  const most = () => Math.max(1, ...days().map((each) => each.bans))
  const banned = () => days().filter((each) => each.bans > 0)
  return (
    <Card
      title="Bans by day"
      description={`All jails, UTC days${unrecorded() > 0 ? `; ${describeRecorded(props.detail.recordedSince)}` : ''}.`}
    >
      <Show when={banned().length > 0} fallback={<p class={styles['none']}>No ban in the last weeks.</p>}>
        <div class={styles['days']}>
          <svg
            class={styles['timeline']}
            viewBox={`0 0 ${days().length * DAY_WIDTH_PX} ${HEIGHT_PX}`}
            preserveAspectRatio="none"
            aria-hidden="true"
          >
            <For each={days()}>
              {(day, index) => (
                <rect
                  class={styles['day']}
                  data-none={day.bans === 0 ? '' : undefined}
                  data-gap={day.isUnrecorded && day.bans === 0 ? '' : undefined}
                  data-tooltip={textOf(day)}
                  x={index() * DAY_WIDTH_PX + 1}
                  width={DAY_WIDTH_PX - 2}
                  y={HEIGHT_PX - barHeight(day, most())}
                  height={barHeight(day, most())}
                  rx={1}
                />
              )}
            </For>
          </svg>
          <Show when={unrecorded()}>
            {(count) => (
              <Unrecorded
                style={{ left: 0, width: `${(100 * count()) / days().length}%`, 'inset-block': 0 }}
              />
            )}
          </Show>
        </div>
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
              <Show when={unrecorded() > 0}>
                <tr>
                  <th scope="row">before {dayText.format(days()[unrecorded()]?.day)}</th>
                  <td>not recorded</td>
                </tr>
              </Show>
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
  day.bans === 0 ? 2 : Math.max(6, Math.round((day.bans / most) * HEIGHT_PX))

const jailsOf = (day: TimelineDay) =>
  day.jails.map(({ jail, bans }) => `${plural(bans, 'ban')} in ${showHidden(jail)}`).join(', ')

const textOf = (day: TimelineDay) =>
  `${dayText.format(day.day)}: ${jailsOf(day) || (day.isUnrecorded ? 'not recorded' : 'none')}`

import { type JSX, Show } from 'solid-js'
import { LengthBars } from '../../charts/length-bars.tsx'
import { formatDuration } from '../../lib/format.ts'
import { banLengths } from './ban-lengths.ts'
import { isYesWord } from './group-settings.ts'
import { PurgeNote } from './purge-note.tsx'
import styles from './setting-row.module.css'

const BANS = 8

/** How long the bans of an address last one after the other, as the settings and the draft have it. */
export function IncrementChart(props: { valueOf: (key: string) => string }): JSX.Element {
  const lengths = () =>
    banLengths(
      {
        bantime: props.valueOf('bantime'),
        factor: props.valueOf('bantime.factor'),
        formula: props.valueOf('bantime.formula'),
        multipliers: props.valueOf('bantime.multipliers'),
        maxtime: props.valueOf('bantime.maxtime'),
      },
      BANS,
    )
  return (
    <Show when={isYesWord(props.valueOf('bantime.increment'))}>
      <section class={styles['chart']} aria-label="Length of repeated bans">
        <h3 class={styles['label']}>Length of repeated bans</h3>
        <Show
          when={lengths()}
          fallback={
            <p class={styles['meaning']}>
              BanGUI cannot show this chart: only fail2ban can calculate the formula, or the ban time is
              permanent.
            </p>
          }
        >
          {(known) => (
            <>
              <LengthBars
                label="Ban time of each ban of an address"
                bars={known().map((value, index) => ({
                  label: `Ban ${index + 1}`,
                  value,
                  text: formatDuration(Math.round(value)),
                }))}
              />
              <Show when={props.valueOf('bantime.rndtime')}>
                {(extra) => <p class={styles['meaning']}>Each ban is up to {extra()} longer, at random.</p>}
              </Show>
            </>
          )}
        </Show>
        <PurgeNote increment />
      </section>
    </Show>
  )
}

import type { JSX } from 'solid-js'
import styles from './unrecorded.module.css'

/** Points over time, and since when what they count is recorded; undefined: all of them are. */
export type Recording = {
  /** of the first point, epoch milliseconds */
  start: number
  bucketSeconds: number
  recordedSince?: number | undefined
}

/** How many of the first points lie wholly in a time that was not recorded: their zeros say nothing. */
export const countUnrecorded = ({ start, bucketSeconds, recordedSince = start }: Recording): number =>
  Math.max(0, Math.floor((recordedSince - start) / (bucketSeconds * 1000)))

/** Hatching over the part of a chart that was not recorded; words beside the chart say what it means. */
export function Unrecorded(props: { style: JSX.CSSProperties }): JSX.Element {
  return <span class={styles['hatch']} data-unrecorded="" style={props.style} aria-hidden="true" />
}

/** The same as an entry of a legend. */
export function UnrecordedKey(): JSX.Element {
  return (
    <li class={styles['key']}>
      <span class={styles['swatch']} aria-hidden="true" />
      not recorded
    </li>
  )
}

import type { JSX } from 'solid-js'
import styles from './unrecorded.module.css'

/** Points over time, and since when they are recorded; undefined: all are recorded. */
export type Recording = {
  /** time of the first point, epoch milliseconds */
  start: number
  bucketSeconds: number
  recordedSince?: number | undefined
}

/** Returns how many of the first points were not recorded at all: their zeros mean nothing. */
export const countUnrecorded = ({ start, bucketSeconds, recordedSince = start }: Recording): number =>
  Math.max(0, Math.floor((recordedSince - start) / (bucketSeconds * 1000)))

/** Hatching over the part of a chart that was not recorded; text beside the chart explains it. */
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

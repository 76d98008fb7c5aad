import { For, type JSX } from 'solid-js'
import styles from './skeleton.module.css'

export type SkeletonProps = {
  /** any CSS length. @default '100%' */
  width?: string
  /** @default '1em' */
  height?: string
  /** number of lines, the last one shorter. @default 1 */
  lines?: number
}

/** A placeholder while something loads; silent for screen readers, so set aria-busy on its container. */
export function Skeleton(props: SkeletonProps): JSX.Element {
  const lines = () => Array.from({ length: props.lines ?? 1 }, (_, index) => index)
  const width = (index: number) =>
    lines().length > 1 && index === lines().length - 1 ? '60%' : (props.width ?? '100%')
  return (
    <span class={styles['lines']} aria-hidden="true">
      <For each={lines()}>
        {(index) => (
          <span class={styles['line']} style={{ width: width(index), height: props.height ?? '1em' }} />
        )}
      </For>
    </span>
  )
}

import { type JSX, Show } from 'solid-js'
import styles from './sparkline.module.css'
import { Unrecorded } from './unrecorded.tsx'

/** A value over time as a small line, without text; the number beside it has the words. */
export function Sparkline(props: {
  /** undefined until known */
  points: readonly number[] | undefined
  /** how many of the first points were not recorded. @default 0 */
  unrecorded?: number
}): JSX.Element {
  const first = () => Math.min(props.unrecorded ?? 0, (props.points?.length ?? 1) - 1)
  return (
    <span class={styles['frame']} aria-hidden="true">
      <svg class={styles['line']} viewBox="0 0 100 24" preserveAspectRatio="none">
        <Show when={props.points && props.points.length > 0 && props.points}>
          {(points) => (
            <>
              <path
                class={styles['area']}
                d={`${sparkPath(points(), first())}V24H${sparkX(points(), first())}Z`}
              />
              <path class={styles['stroke']} d={sparkPath(points(), first())} />
            </>
          )}
        </Show>
      </svg>
      <Show when={first() > 0 && props.points}>
        {(points) => (
          <Unrecorded
            style={{ left: 0, width: `${sparkX(points(), first())}%`, 'inset-block': 0, height: '100%' }}
          />
        )}
      </Show>
    </span>
  )
}

const stepOf = (points: readonly number[]) => 100 / Math.max(1, points.length - 1)

/** Returns the x of a point in a width of 100. */
export const sparkX = (points: readonly number[], index: number): number => round(index * stepOf(points))

/** Returns a path over 100 by 24, from a point on; a value that never changes is a line at the bottom. */
export function sparkPath(points: readonly number[], first = 0): string {
  const most = Math.max(1, ...points.slice(first))
  const line = points
    .map((count, index) => `${sparkX(points, index)} ${round(23 - (22 * count) / most)}`)
    .slice(first)
  if (points.length === 1) return `M0 ${line[0]?.split(' ')[1]}H100`
  return line.length === 1 ? `M${line[0]}` : `M${line.join('L')}`
}

const round = (value: number) => Math.round(value * 10) / 10

import { A } from '@solidjs/router'
import { type JSX, Show } from 'solid-js'
import { usePageHref } from '../lib/page-host.ts'
import { Skeleton } from './skeleton.tsx'
import styles from './stat.module.css'
import type { Tone } from './tone.ts'

export type StatProps = {
  label: string
  /** a formatted number; undefined until loaded */
  value: string | undefined
  /** a few words of context below */
  hint?: JSX.Element
  /** the list behind the number */
  href?: string
  /** @default 'neutral' */
  tone?: Tone
}

/** A number with its label; with `href` all of it links to the list behind it. */
export function Stat(props: StatProps): JSX.Element {
  const pageHref = usePageHref()
  return (
    <div class={styles['stat']} data-tone={props.tone ?? 'neutral'}>
      <p class={styles['label']}>
        <Show when={props.href} fallback={props.label}>
          {(href) => (
            <A class={styles['link']} href={pageHref(href())}>
              {props.label}
            </A>
          )}
        </Show>
      </p>
      <p class={styles['value']} aria-busy={props.value === undefined ? true : undefined}>
        <Show when={props.value !== undefined} fallback={<Skeleton width="64px" height="28px" />}>
          {props.value}
        </Show>
      </p>
      <Show when={props.hint}>
        <p class={styles['hint']}>{props.hint}</p>
      </Show>
    </div>
  )
}

import { createEffect, createUniqueId, type JSX, onMount, Show } from 'solid-js'
import { focusHeading } from '../lib/route-focus.ts'
import { usePageTitle } from '../lib/title.ts'
import { TooltipLayer } from '../ui/tooltip.tsx'
import styles from './bare-page.module.css'
import { Logo } from './logo.tsx'
import { ThemeSwitch } from './theme-switch.tsx'

export type BarePageProps = { title: string; lead?: string; wide?: boolean; children: JSX.Element }

/** A page without navigation: before sign-in. */
export function BarePage(props: BarePageProps): JSX.Element {
  let heading: HTMLHeadingElement | undefined
  const leadId = createUniqueId()
  usePageTitle(() => props.title)
  onMount(() => heading && focusHeading(heading))
  // another step under the same title: the focused element is gone
  createEffect((before: string | undefined) => {
    if (before !== undefined && before !== props.lead) heading?.focus({ preventScroll: true })
    return props.lead
  })
  return (
    <div class={styles['frame']}>
      <header class={styles['top']}>
        <Logo />
        <ThemeSwitch />
      </header>
      <main class={styles['main']} data-wide={props.wide ? '' : undefined}>
        <h1
          ref={(element) => (heading = element)}
          class={styles['title']}
          tabindex="-1"
          aria-describedby={props.lead ? leadId : undefined}
        >
          {props.title}
        </h1>
        <Show when={props.lead}>
          <p class={styles['lead']} id={leadId}>
            {props.lead}
          </p>
        </Show>
        <div class={styles['card']}>{props.children}</div>
      </main>
      <TooltipLayer />
    </div>
  )
}

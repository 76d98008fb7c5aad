import { type JSX, onMount, Show } from 'solid-js'
import { focusHeading } from '../lib/route-focus.ts'
import { usePageTitle } from '../lib/title.ts'
import { TooltipLayer } from '../ui/tooltip.tsx'
import styles from './bare-page.module.css'
import { Logo } from './logo.tsx'
import { ThemeSwitch } from './theme-switch.tsx'

export type BarePageProps = { title: string; lead?: JSX.Element; wide?: boolean; children: JSX.Element }

/** A page without navigation: before one is signed in. */
export function BarePage(props: BarePageProps): JSX.Element {
  let heading: HTMLHeadingElement | undefined
  usePageTitle(() => props.title)
  onMount(() => heading && focusHeading(heading))
  return (
    <div class={styles['frame']}>
      <header class={styles['top']}>
        <Logo />
        <ThemeSwitch />
      </header>
      <main class={styles['main']} data-wide={props.wide ? '' : undefined}>
        <h1 ref={(element) => (heading = element)} class={styles['title']} tabindex="-1">
          {props.title}
        </h1>
        <Show when={props.lead}>
          <p class={styles['lead']}>{props.lead}</p>
        </Show>
        <div class={styles['card']}>{props.children}</div>
      </main>
      <TooltipLayer />
    </div>
  )
}

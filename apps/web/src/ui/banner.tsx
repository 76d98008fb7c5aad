import CircleAlert from 'lucide-solid/icons/circle-alert'
import CircleCheck from 'lucide-solid/icons/circle-check'
import Info from 'lucide-solid/icons/info'
import TriangleAlert from 'lucide-solid/icons/triangle-alert'
import X from 'lucide-solid/icons/x'
import { type JSX, onCleanup, Show } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import styles from './banner.module.css'
import { IconButton } from './icon-button.tsx'
import type { Tone } from './tone.ts'

const icons = { neutral: Info, info: Info, ok: CircleCheck, warning: TriangleAlert, danger: CircleAlert }

export type BannerProps = {
  tone: Tone
  title: JSX.Element
  /** what it means and what to do */
  children?: JSX.Element
  actions?: JSX.Element
  /** shows a button that dismisses the banner */
  onDismiss?: () => void
  /** how it is announced: at once, politely, or not at all. @default 'status' */
  role?: 'alert' | 'status' | 'note'
  /** one thin line across the page, for the shell */
  bar?: boolean
  /** in a bar, puts the text under the title instead of beside it */
  stacked?: boolean
}

/** A message that must be read: what happened, why, and what to do. */
export function Banner(props: BannerProps): JSX.Element {
  let banner: HTMLDivElement | undefined
  onCleanup(() => {
    if (banner?.contains(document.activeElement)) requestAnimationFrame(focusPage)
  })
  return (
    <div
      ref={(element) => (banner = element)}
      class={styles['banner']}
      role={props.role ?? 'status'}
      data-tone={props.tone}
      data-bar={props.bar ? '' : undefined}
      data-stacked={props.stacked ? '' : undefined}
    >
      <Dynamic component={icons[props.tone]} class={styles['icon']} aria-hidden="true" />
      <div class={styles['content']}>
        <div class={styles['words']}>
          <p class={styles['title']}>{props.title}</p>
          <Show when={props.children}>
            <div class={styles['text']}>{props.children}</div>
          </Show>
        </div>
        <Show when={props.actions}>
          <div class={styles['actions']}>{props.actions}</div>
        </Show>
      </div>
      <Show when={props.onDismiss}>
        <IconButton label="Dismiss" icon={<X />} size="sm" onClick={() => props.onDismiss?.()} />
      </Show>
    </div>
  )
}

/** When a banner that contains the focus is removed, the page below it gets the focus. */
function focusPage(): void {
  if (document.activeElement === document.body) document.querySelector('h1')?.focus({ preventScroll: true })
}

import { createSignal, createUniqueId, type JSX, onCleanup, onMount, Show } from 'solid-js'
import { Portal } from 'solid-js/web'
import { place } from './tooltip-place.ts'
import { tooltipOf, tooltipTarget } from './tooltip-text.ts'
import styles from './tooltip.module.css'

export type TooltipProps = { text: string; children: JSX.Element }

/** A term with an explanation on hover, focus and tap; any element can have `data-tooltip` instead. */
export function Tooltip(props: TooltipProps): JSX.Element {
  return (
    <span class={styles['term']} tabindex="0" data-tooltip={props.text}>
      {props.children}
    </span>
  )
}

const OPEN_AFTER_MS = 350
const CLOSE_AFTER_MS = 120

/**
 * The one tooltip of the page: shows the `data-tooltip` of the hovered or focused element, or the whole text of one with
 * `data-whole` that is cut. Rendered once, in the shell.
 */
export function TooltipLayer(): JSX.Element {
  const id = createUniqueId()
  const [carrier, setCarrier] = createSignal<HTMLElement | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let bubble: HTMLDivElement | undefined

  const show = (next: HTMLElement | null) => {
    clearTimeout(timer)
    carrier()?.removeAttribute('aria-describedby')
    setCarrier(next)
    // a name or text that only repeats the tooltip needs no description
    const isRedundant = next && (next.getAttribute('aria-label') ?? next.textContent) === tooltipOf(next)
    if (next && !isRedundant) next.setAttribute('aria-describedby', id)
    if (next && bubble) place(bubble, next)
  }
  const later = (next: HTMLElement | null, delay: number) => {
    clearTimeout(timer)
    timer = setTimeout(() => show(next), delay)
  }

  const onOver = (event: PointerEvent) => {
    if (event.pointerType === 'touch') return
    if (bubble?.contains(event.target as Node)) return clearTimeout(timer)
    const next = tooltipTarget(event.target)
    if (next !== carrier()) later(next, next ? OPEN_AFTER_MS : CLOSE_AFTER_MS)
    else clearTimeout(timer)
  }
  const onFocus = (event: FocusEvent) => {
    const next = tooltipTarget(event.target)
    // a click that focuses a link does not open its tooltip
    if (next?.dataset['tooltip'] === undefined && !(event.target as Element).matches(':focus-visible')) return
    if (next?.matches(':focus-visible') || (next && !next.matches('button, a'))) show(next)
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && carrier()) show(null)
  }
  const hide = () => {
    clearTimeout(timer)
    if (carrier()) show(null)
  }

  // its text can be selected
  const onDown = (event: PointerEvent) => {
    if (!bubble?.contains(event.target as Node)) hide()
  }
  const onBlur = (event: FocusEvent) => {
    if (carrier()?.contains(event.target as Node)) hide()
  }

  onMount(() => {
    const stop = new AbortController()
    const options = { signal: stop.signal, capture: true, passive: true }
    document.addEventListener('pointerover', onOver, options)
    document.addEventListener('pointerdown', onDown, options)
    document.addEventListener('focusin', onFocus, options)
    document.addEventListener('focusout', onBlur, options)
    document.addEventListener('keydown', onKey, options)
    // its element has moved
    addEventListener('scroll', hide, options)
    addEventListener('resize', hide, options)
    onCleanup(() => {
      clearTimeout(timer)
      stop.abort()
    })
  })

  return (
    <Portal>
      <Show when={carrier()}>
        {(element) => (
          <div
            class={styles['bubble']}
            role="tooltip"
            id={id}
            ref={(node) => {
              bubble = node
              const current = element()
              // it has no size until it is in the page
              queueMicrotask(() => place(node, current))
            }}
          >
            {tooltipOf(element())}
          </div>
        )}
      </Show>
    </Portal>
  )
}

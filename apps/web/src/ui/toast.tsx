import { showHidden } from '@bangui/shared'
import X from 'lucide-solid/icons/x'
import { createEffect, createSignal, For, type JSX, onCleanup, onMount, Show } from 'solid-js'
import { Portal } from 'solid-js/web'
import { Button } from './button.tsx'
import { IconButton } from './icon-button.tsx'
import { rememberPlace } from './keep-focus.ts'
import { StatusDot } from './status-dot.tsx'
import styles from './toast.module.css'
import type { Tone } from './tone.ts'

export type ToastOptions = {
  title: string
  /** @default 'neutral' */
  tone?: Tone
  /** a second line */
  text?: string
  /** such as Undo; using it dismisses the toast */
  action?: { label: string; onSelect: () => void }
  /** how long it stays, in milliseconds. @default 5000, with an action 10000 */
  duration?: number
}

type Item = ToastOptions & { id: number }

const MAX_TOASTS = 4
const words: Record<Tone, string> = {
  neutral: 'Note',
  ok: 'Done',
  warning: 'Warning',
  danger: 'Failed',
  info: 'Note',
}
const [items, setItems] = createSignal<readonly Item[]>([])
let lastId = 0

/** Dismisses a toast. */
export const dismissToast = (id: number): void => {
  setItems((all) => all.filter((item) => item.id !== id))
}

/** Dismisses all toasts, because something more important must be read. */
export const dismissAllToasts = (): void => {
  setItems([])
}

/** Shows a brief message that need not be read. Returns the toast's id. */
export function toast(options: ToastOptions): number {
  lastId += 1
  const item = { ...options, id: lastId }
  setItems((all) => atMost([...all, item]))
  return lastId
}

/** The oldest toast goes first, but one with an Undo later than one without. */
function atMost(all: readonly Item[]): readonly Item[] {
  if (all.length <= MAX_TOASTS) return all
  const first = all.slice(0, -1).find((item) => !item.action) ?? all[0]
  return all.filter((item) => item !== first)
}

/** The area of all toasts, rendered once, in the shell. Alt T focuses it; toasts do not expire while they are read. */
export function ToastRegion(): JSX.Element {
  const [held, setHeld] = createSignal(false)
  let region: HTMLElement | undefined
  // where the focus was before: it returns there when the last toast is gone
  let back: (() => void) | undefined
  const onFocusIn = (event: FocusEvent) => {
    setHeld(true)
    const { relatedTarget } = event
    if (relatedTarget instanceof Element && !region?.contains(relatedTarget))
      back = rememberPlace(relatedTarget)
  }
  /** Dismisses the focused toast: the focus moves to the next one, and after the last to where it was. */
  const leave = (id: number) => {
    const focused = document.activeElement
    const isInside = region?.contains(focused) ?? false
    const byKeyboard = focused?.matches(':focus-visible') ?? false
    dismissToast(id)
    if (!isInside) return
    setHeld(false)
    const next = byKeyboard ? region?.querySelector('button') : undefined
    if (next) next.focus()
    else back?.()
  }
  onMount(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.altKey && event.code === 'KeyT' && items().length > 0) {
        event.preventDefault()
        region?.focus()
      }
    }
    addEventListener('keydown', onKey)
    onCleanup(() => removeEventListener('keydown', onKey))
  })
  return (
    <Portal>
      <section
        ref={(element) => (region = element)}
        class={styles['region']}
        aria-label="Notifications (Alt T)"
        aria-live="polite"
        tabindex="-1"
        data-live-announcer="true"
        onPointerEnter={() => setHeld(true)}
        onPointerLeave={() => setHeld(false)}
        onFocusIn={onFocusIn}
        onFocusOut={() => setHeld(false)}
      >
        <For each={items()}>
          {(item) => <ToastCard item={item} held={held()} onLeave={() => leave(item.id)} />}
        </For>
      </section>
    </Portal>
  )
}

function ToastCard(props: { item: Item; held: boolean; onLeave: () => void }): JSX.Element {
  createEffect(() => {
    if (props.held) return
    const timer = setTimeout(
      () => dismissToast(props.item.id),
      props.item.duration ?? (props.item.action ? 10_000 : 5000),
    )
    onCleanup(() => clearTimeout(timer))
  })
  const act = () => {
    props.onLeave()
    props.item.action?.onSelect()
  }
  return (
    <div class={styles['toast']} data-undoable={props.item.action ? '' : undefined}>
      <StatusDot tone={props.item.tone ?? 'neutral'} label={words[props.item.tone ?? 'neutral']} hideLabel />
      <div class={styles['words']}>
        <p class={styles['title']}>{showHidden(props.item.title)}</p>
        <Show when={props.item.text}>
          <p class={styles['text']}>{showHidden(props.item.text ?? '')}</p>
        </Show>
      </div>
      <Show when={props.item.action}>
        {(action) => (
          <Button size="sm" onClick={act}>
            {action().label}
          </Button>
        )}
      </Show>
      <IconButton label="Dismiss" icon={<X />} size="sm" onClick={() => props.onLeave()} />
    </div>
  )
}

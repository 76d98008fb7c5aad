import { showHidden } from '@bangui/shared'
import * as Kobalte from '@kobalte/core/dialog'
import X from 'lucide-solid/icons/x'
import { createEffect, type JSX, Show } from 'solid-js'
import styles from './dialog.module.css'
import { IconButton } from './icon-button.tsx'
import { rememberPlace } from './keep-focus.ts'

export type DialogProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  /** a sentence that names the consequence */
  description?: JSX.Element
  /** buttons, the main one last */
  footer?: JSX.Element
  /** @default 'md' */
  size?: 'sm' | 'md' | 'lg'
  /** cannot be closed while something is in progress */
  locked?: boolean
  /** @default 'dialog' */
  role?: 'dialog' | 'alertdialog'
  children?: JSX.Element
}

/** A modal dialog that traps the focus and returns it to where it was. */
export function Dialog(props: DialogProps): JSX.Element {
  let back: (() => void) | undefined
  createEffect((before: boolean | undefined) => {
    if (props.open && !before) back = rememberPlace()
    return props.open
  })
  const change = (open: boolean) => {
    if (open || !props.locked) props.onOpenChange(open)
  }
  return (
    <Kobalte.Root open={props.open} onOpenChange={change}>
      <Kobalte.Portal>
        <Kobalte.Overlay class={styles['overlay']} />
        <div class={styles['positioner']}>
          <Kobalte.Content
            class={styles['content']}
            role={props.role ?? 'dialog'}
            data-size={props.size ?? 'md'}
            onOpenAutoFocus={(event: Event) => {
              const first = firstFocus(event.currentTarget)
              if (!first) return
              event.preventDefault()
              first.focus()
            }}
            onCloseAutoFocus={(event: Event) => {
              event.preventDefault()
              back?.()
            }}
          >
            <header class={styles['header']}>
              <Kobalte.Title class={styles['title']}>{showHidden(props.title)}</Kobalte.Title>
              <Show when={!props.locked}>
                <IconButton label="Close" icon={<X />} size="sm" onClick={() => change(false)} />
              </Show>
            </header>
            <div class={styles['body']}>
              <Show when={props.description}>
                <Kobalte.Description class={styles['description']}>{props.description}</Kobalte.Description>
              </Show>
              {props.children}
            </div>
            <Show when={props.footer}>
              <footer class={styles['footer']}>{props.footer}</footer>
            </Show>
          </Kobalte.Content>
        </div>
      </Kobalte.Portal>
    </Kobalte.Root>
  )
}

/** Returns the element to focus first: the safe answer of a question, else the first field, except on touch, where it would open the keyboard. */
function firstFocus(content: EventTarget | null): HTMLElement | undefined {
  if (!(content instanceof HTMLElement)) return undefined
  const isQuestion = content.getAttribute('role') === 'alertdialog'
  if (!isQuestion && !matchMedia('(pointer: fine)').matches) return undefined
  const wanted = isQuestion ? 'footer button' : 'textarea, input:not([type=hidden])'
  return content.querySelector<HTMLElement>(wanted) ?? undefined
}

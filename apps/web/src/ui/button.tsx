import { type JSX, Show, splitProps } from 'solid-js'
import { A } from '@solidjs/router'
import { usePageHref } from '../lib/page-host.ts'
import styles from './button.module.css'

export type ButtonLook = {
  /** @default 'secondary' */
  variant?: 'primary' | 'secondary' | 'ghost' | 'danger'
  /** @default 'md' */
  size?: 'sm' | 'md' | 'lg'
  /** shown before the text */
  icon?: JSX.Element
}

export type ButtonProps = ButtonLook &
  JSX.ButtonHTMLAttributes<HTMLButtonElement> & {
    /** keeps the focus and ignores clicks while something is in progress */
    loading?: boolean
    /** why it cannot be used now, as a tooltip: it keeps the focus and ignores clicks */
    unavailable?: string | false
  }

/** A button; `loading` keeps its width and its focus. */
export function Button(props: ButtonProps): JSX.Element {
  const [own, rest] = splitProps(props, [
    'variant',
    'size',
    'icon',
    'loading',
    'unavailable',
    'children',
    'onClick',
    'type',
  ])
  const click: JSX.EventHandler<HTMLButtonElement, MouseEvent> = (event) => {
    if (own.loading || own.unavailable) return event.preventDefault()
    if (typeof own.onClick === 'function') own.onClick(event)
  }
  return (
    <button
      {...rest}
      type={own.type ?? 'button'}
      class={styles['button']}
      data-variant={own.variant ?? 'secondary'}
      data-size={own.size ?? 'md'}
      data-loading={own.loading ? '' : undefined}
      data-unavailable={own.unavailable ? '' : undefined}
      data-tooltip={own.unavailable || undefined}
      aria-disabled={own.loading || own.unavailable ? true : undefined}
      aria-busy={own.loading ? true : undefined}
      onClick={click}
    >
      <Show when={own.icon}>
        <span class={styles['icon']}>{own.icon}</span>
      </Show>
      <span class={styles['text']}>{own.children}</span>
      <Show when={own.loading}>
        <span class={styles['spinner']} aria-hidden="true" />
      </Show>
    </button>
  )
}

export type ButtonLinkProps = ButtonLook & { href: string; children: JSX.Element; onClick?: () => void }

/** A link to a page of BanGUI that looks like a button. */
export function ButtonLink(props: ButtonLinkProps): JSX.Element {
  const pageHref = usePageHref()
  return (
    <A
      href={pageHref(props.href)}
      class={styles['button']}
      data-variant={props.variant ?? 'secondary'}
      data-size={props.size ?? 'md'}
      onClick={() => props.onClick?.()}
    >
      <Show when={props.icon}>
        <span class={styles['icon']}>{props.icon}</span>
      </Show>
      <span class={styles['text']}>{props.children}</span>
    </A>
  )
}

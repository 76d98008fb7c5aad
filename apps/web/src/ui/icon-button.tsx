import { type JSX, splitProps } from 'solid-js'
import styles from './icon-button.module.css'

export type IconButtonProps = Omit<JSX.ButtonHTMLAttributes<HTMLButtonElement>, 'children'> & {
  /** its accessible name, also shown as a tooltip */
  label: string
  icon: JSX.Element
  /** @default 'md' */
  size?: 'sm' | 'md'
}

/** A button that is only an icon; its label is its name and its tooltip. */
export function IconButton(props: IconButtonProps): JSX.Element {
  const [own, rest] = splitProps(props, ['label', 'icon', 'size'])
  return (
    <button
      type="button"
      {...rest}
      class={styles['button']}
      data-size={own.size ?? 'md'}
      aria-label={own.label}
      data-tooltip={own.label}
    >
      {own.icon}
    </button>
  )
}

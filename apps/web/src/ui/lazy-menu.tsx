import { createSignal, type JSX, Show } from 'solid-js'
import { Menu, type MenuProps } from './menu.tsx'
import styles from './menu.module.css'

export type LazyMenuProps = Omit<MenuProps, 'items' | 'startOpen'> & {
  /** worked out when the menu is first opened */
  items: () => MenuProps['items']
}

/** A {@link Menu} whose inside is made when it is first opened: for the rows of long lists. */
export function LazyMenu(props: LazyMenuProps): JSX.Element {
  const [opened, setOpened] = createSignal(false)
  return (
    <Show
      when={opened()}
      fallback={
        <button
          class={styles['trigger']}
          type="button"
          data-shape={props.shape ?? 'icon'}
          aria-label={props.label}
          aria-haspopup="menu"
          aria-expanded="false"
          disabled={props.disabled}
          onClick={() => setOpened(true)}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowDown') return
            event.preventDefault()
            setOpened(true)
          }}
        >
          {props.trigger}
        </button>
      }
    >
      <Menu {...props} items={props.items()} startOpen />
    </Show>
  )
}

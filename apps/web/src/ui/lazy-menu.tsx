import { showHidden } from '@bangui/shared'
import { createRoot, createSignal, getOwner, type JSX, onCleanup, Show, untrack } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import { defineLazyModule } from '../lib/lazy-module.ts'
import type { MenuProps } from './menu.tsx'
import styles from './menu.module.css'
import { whenFetched } from './when-fetched.ts'

export type LazyMenuProps = Omit<MenuProps, 'items' | 'startOpen' | 'onOpen'> & {
  /** called each time the menu is opened: an item then does what it says, even if the row changes meanwhile */
  items: () => MenuProps['items']
}

const menuModule = defineLazyModule(async () => (await import('./menu.tsx')).Menu)
const preload = () => void menuModule.load().catch(() => undefined)

/** A {@link Menu} that is fetched and created when it is first opened: for the rows of long lists, and for a page's first load. */
export function LazyMenu(props: LazyMenuProps): JSX.Element {
  const [menu, setMenu] = createSignal<ReturnType<typeof menuModule.fetched>>()
  const [items, setItems] = createSignal<MenuProps['items']>([])
  const owner = getOwner()
  let forget: (() => void) | undefined
  onCleanup(() => forget?.())
  const fill = () => {
    forget?.()
    createRoot((dispose) => {
      forget = dispose
      setItems(untrack(() => props.items()))
    }, owner)
  }
  // the button keeps the focus until the menu takes it
  const open = () => {
    fill()
    void whenFetched(menuModule, (fetched) => setMenu(() => fetched))
  }
  return (
    <Show
      when={menu()}
      fallback={
        <button
          class={styles['trigger']}
          type="button"
          data-shape={props.shape ?? 'icon'}
          aria-label={showHidden(props.label)}
          aria-haspopup="menu"
          aria-expanded="false"
          disabled={props.disabled}
          onPointerEnter={preload}
          onFocus={preload}
          onClick={open}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowDown') return
            event.preventDefault()
            open()
          }}
        >
          {props.trigger}
        </button>
      }
    >
      {(fetched) => <Dynamic component={fetched()} {...props} items={items()} startOpen onOpen={fill} />}
    </Show>
  )
}

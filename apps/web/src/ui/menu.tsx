import { showHidden } from '@bangui/shared'
import * as Kobalte from '@kobalte/core/dropdown-menu'
import { useNavigate } from '@solidjs/router'
import { For, type JSX, Show } from 'solid-js'
import { usePageHref } from '../lib/page-host.ts'
import styles from './menu.module.css'

export type MenuItem = {
  label: string
  icon?: JSX.Element
  /** runs once the menu is closed and its button has the focus again */
  onSelect?: () => void
  /** opens a page of BanGUI instead */
  href?: string
  tone?: 'danger'
  disabled?: boolean
  /** a line above it */
  separated?: boolean
}

export type MenuProps = {
  /** the name of the button that opens it */
  label: string
  /** what the button shows; its accessible name is still `label` */
  trigger: JSX.Element
  items: readonly MenuItem[]
  /** shown above the items, such as who is signed in */
  header?: JSX.Element
  /** @default 'icon' */
  shape?: 'icon' | 'wide' | 'bar'
  disabled?: boolean
  /** shows the button's name as a tooltip. @default true */
  tooltip?: boolean
  /** which side of its button it is aligned with. @default 'end' */
  align?: 'start' | 'end'
  /** open from the start */
  startOpen?: boolean
  onOpen?: () => void
}

/** A button that opens a menu of actions and pages. */
export function Menu(props: MenuProps): JSX.Element {
  const navigate = useNavigate()
  const pageHref = usePageHref()
  let chosen: MenuItem | undefined
  const runChosen = () => {
    const item = chosen
    chosen = undefined
    if (item?.href !== undefined) navigate(pageHref(item.href))
    item?.onSelect?.()
  }
  return (
    <Kobalte.Root
      modal={false}
      defaultOpen={props.startOpen}
      placement={props.align === 'start' ? 'bottom-start' : 'bottom-end'}
      gutter={4}
      onOpenChange={(open) => {
        if (open) props.onOpen?.()
        // the button has the focus again in the next task
        else setTimeout(runChosen)
      }}
    >
      <Kobalte.Trigger
        class={styles['trigger']}
        data-shape={props.shape ?? 'icon'}
        aria-label={showHidden(props.label)}
        data-tooltip={props.tooltip === false ? undefined : showHidden(props.label)}
        disabled={props.disabled}
      >
        {props.trigger}
      </Kobalte.Trigger>
      <Kobalte.Portal>
        <Kobalte.Content class={styles['content']}>
          <Show when={props.header}>
            <div class={styles['header']}>{props.header}</div>
          </Show>
          <For each={props.items}>
            {(item) => (
              <>
                <Show when={item.separated}>
                  <Kobalte.Separator class={styles['separator']} />
                </Show>
                <Kobalte.Item
                  class={styles['item']}
                  data-tone={item.tone}
                  disabled={item.disabled}
                  onSelect={() => (chosen = item)}
                >
                  <Show when={item.icon}>
                    <span class={styles['icon']} aria-hidden="true">
                      {item.icon}
                    </span>
                  </Show>
                  <span class={styles['label']}>{showHidden(item.label)}</span>
                </Kobalte.Item>
              </>
            )}
          </For>
        </Kobalte.Content>
      </Kobalte.Portal>
    </Kobalte.Root>
  )
}

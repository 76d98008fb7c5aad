import { showHidden } from '@bangui/shared'
import { A } from '@solidjs/router'
import ArrowLeft from 'lucide-solid/icons/arrow-left'
import { createEffect, type JSX, Show } from 'solid-js'
import { usePageHref } from '../lib/page-host.ts'
import { focusHeading } from '../lib/route-focus.ts'
import { usePageTitle } from '../lib/title.ts'
import { keepFocus } from './keep-focus.ts'
import styles from './page.module.css'

export type PageProps = {
  title: string
  /** a sentence under the title */
  description?: JSX.Element
  actions?: JSX.Element
  /** the parent page */
  back?: { href: string; label: string }
  /** @default 'wide' */
  width?: 'wide' | 'reading'
  children: JSX.Element
}

/** A page: its heading, which gets the focus after navigation, and the document's title. */
export function Page(props: PageProps): JSX.Element {
  let heading: HTMLHeadingElement | undefined
  let page: HTMLDivElement | undefined
  const pageHref = usePageHref()
  keepFocus(() => page)
  usePageTitle(() => showHidden(props.title))
  // the same page about another subject counts as another page
  createEffect((before: string | undefined) => {
    if (heading && before !== props.title) focusHeading(heading)
    return props.title
  })
  return (
    <div ref={(element) => (page = element)} class={styles['page']} data-width={props.width ?? 'wide'}>
      <header class={styles['header']}>
        <div class={styles['heading']}>
          <Show when={props.back}>
            {(back) => (
              <A class={styles['back']} href={pageHref(back().href)}>
                <ArrowLeft aria-hidden="true" />
                {back().label}
              </A>
            )}
          </Show>
          <h1 ref={(element) => (heading = element)} class={styles['title']} tabindex="-1">
            {showHidden(props.title)}
          </h1>
          <Show when={props.description}>
            <p class={styles['description']}>{props.description}</p>
          </Show>
        </div>
        <Show when={props.actions}>
          <div class={styles['actions']}>{props.actions}</div>
        </Show>
      </header>
      {props.children}
    </div>
  )
}

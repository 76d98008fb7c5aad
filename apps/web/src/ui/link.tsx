import { useHref, useResolvedPath } from '@solidjs/router'
import type { JSX } from 'solid-js'
import { usePageHref } from '../lib/page-host.ts'
import styles from './link.module.css'

export type LinkProps = {
  /** a page of BanGUI, from its base: "/jails" */
  href: string
  children: JSX.Element
  /** has the colour of the text around it until it is hovered */
  quiet?: boolean
  /** leads to the page that is shown */
  current?: boolean
  /** its name for screen readers, if its content is an icon */
  label?: string
  onClick?: () => void
}

/** A link to a page of BanGUI. The router's own link follows the current page, which is too expensive for long lists. */
export function Link(props: LinkProps): JSX.Element {
  const pageHref = usePageHref()
  const href = useHref(useResolvedPath(() => pageHref(props.href)))
  return (
    <a
      href={href()}
      class={styles['link']}
      aria-current={props.current ? 'page' : undefined}
      aria-label={props.label}
      data-quiet={props.quiet ? '' : undefined}
      onClick={() => props.onClick?.()}
    >
      {props.children}
    </a>
  )
}

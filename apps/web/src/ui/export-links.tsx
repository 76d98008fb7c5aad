import type { JSX } from 'solid-js'
import styles from './export-links.module.css'

type ExportKind = 'csv' | 'jsonl'

export type ExportLinksProps = {
  /** what the list is called in the address and in the file's name */
  list: 'bans' | 'history'
  /** what the list itself is asked for */
  input: object
}

/** Where a list is as a file; the server answers with all rows of it. */
const exportHref = (list: ExportLinksProps['list'], kind: ExportKind, input: object): string =>
  new URL(`api/export/${list}.${kind}?input=${encodeURIComponent(JSON.stringify(input))}`, document.baseURI)
    .href

/** The same list as a file. */
export function ExportLinks(props: ExportLinksProps): JSX.Element {
  const link = (kind: ExportKind, name: string) => (
    <a href={exportHref(props.list, kind, props.input)} rel="external" download={`${props.list}.${kind}`}>
      {name}
    </a>
  )
  return (
    <span class={styles['links']}>
      <span class={styles['words']}>Export as </span>
      {link('csv', 'CSV')} or {link('jsonl', 'JSON lines')}
    </span>
  )
}

import type { JSX } from 'solid-js'
import { usePageHost } from '../lib/page-host.ts'
import styles from './export-links.module.css'

type ExportKind = 'csv' | 'jsonl'

export type ExportLinksProps = {
  /** the name of the list in the URL and the file */
  list: 'bans' | 'history'
  /** the input of the list's query */
  input: object
}

/** Returns the URL of a list as a file, which contains all its rows. */
const exportHref = (list: ExportLinksProps['list'], kind: ExportKind, input: object): string =>
  new URL(`api/export/${list}.${kind}?input=${encodeURIComponent(JSON.stringify(input))}`, document.baseURI)
    .href

/** Links to the list as a file. */
export function ExportLinks(props: ExportLinksProps): JSX.Element {
  const host = usePageHost()
  const input = () => (host === undefined ? props.input : { ...props.input, host })
  const link = (kind: ExportKind, name: string) => (
    <a href={exportHref(props.list, kind, input())} rel="external" download={`${props.list}.${kind}`}>
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

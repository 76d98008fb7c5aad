import type { ListedIgnore } from '@bangui/shared'
import { type JSX, Show } from 'solid-js'
import styles from './allow-list.module.css'

/** Returns the entries as the text of a file that can be imported again. */
export const exportText = (entries: readonly ListedIgnore[]): string =>
  `${JSON.stringify(
    entries
      .filter(({ ended }) => !ended)
      .map(({ address, jail, everyHost, note, expiresAt }) => ({
        address,
        jail,
        everyHost,
        note,
        expiresAt,
      })),
    null,
    2,
  )}\n`

/** A link to the list as a file, which can be imported again. */
export function ExportLink(props: { entries: readonly ListedIgnore[] }): JSX.Element {
  const href = () => `data:application/json;charset=utf-8,${encodeURIComponent(exportText(props.entries))}`
  return (
    <Show when={props.entries.length > 0}>
      <a class={styles['export']} href={href()} download="bangui-allow-list.json" rel="external">
        Export
      </a>
    </Show>
  )
}

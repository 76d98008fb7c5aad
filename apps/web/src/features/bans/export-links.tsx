import { type JSX, Show } from 'solid-js'
import { plural } from '../../lib/format.ts'
import { Skeleton } from '../../ui/skeleton.tsx'
import { type BanView, inputOf } from './ban-view.ts'
import styles from './export-links.module.css'

/** How many bans there are, and the same list as a file. */
export function ExportLinks(props: { view: BanView; total: number | undefined }): JSX.Element {
  const href = (kind: 'csv' | 'jsonl') =>
    new URL(
      `api/export/bans.${kind}?input=${encodeURIComponent(JSON.stringify(inputOf(props.view)))}`,
      document.baseURI,
    ).href
  return (
    <div class={styles['line']}>
      <p class={styles['total']} role="status">
        <Show when={props.total !== undefined} fallback={<Skeleton width="64px" />}>
          {plural(props.total ?? 0, 'ban')}
        </Show>
      </p>
      <Show when={props.total}>
        <span class={styles['links']}>
          Export as{' '}
          <a href={href('csv')} rel="external" download="bans.csv">
            CSV
          </a>{' '}
          or{' '}
          <a href={href('jsonl')} rel="external" download="bans.jsonl">
            JSON lines
          </a>
        </span>
      </Show>
    </div>
  )
}

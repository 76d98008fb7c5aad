import { type JSX, Show } from 'solid-js'
import { formatNumber, plural } from '../lib/format.ts'
import { Button } from '../ui/button.tsx'
import { ExportLinks } from '../ui/export-links.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import styles from './ban-status.module.css'
import { type BanView, inputOf, isUnfiltered } from './ban-view.ts'

export type BanStatusProps = {
  view: BanView
  /** undefined until known */
  total: number | undefined
  /** new bans since the list was loaded, which are not shown yet */
  added: number
  onShowNew: () => void
  /** bans are selected: `children`, the actions on them, replace the status, so that no row moves under the pointer */
  acts: boolean
  children: JSX.Element
}

/** Shows how many bans there are, how many new ones wait, and links to the list as a file; stays in view while scrolling. */
export function BanStatus(props: BanStatusProps): JSX.Element {
  return (
    <div class={styles['line']} data-acts={props.acts ? '' : undefined}>
      <Show when={!props.acts} fallback={props.children}>
        {/* the number of results is announced; a number that changes by itself is not */}
        <p class={styles['total']} role={isUnfiltered(props.view) ? undefined : 'status'}>
          <Show when={props.total !== undefined} fallback={<Skeleton width="64px" />}>
            {plural(props.total ?? 0, 'ban')}
          </Show>
        </p>
      </Show>
      <Show when={props.added > 0}>
        {/* nobody has counted how many of them a search finds */}
        <Show
          when={isUnfiltered(props.view)}
          fallback={
            <Button size="sm" onClick={() => props.onShowNew()}>
              Check for new bans
            </Button>
          }
        >
          <Button
            size="sm"
            aria-label={`${plural(props.added, 'new ban')}: show`}
            onClick={() => props.onShowNew()}
          >
            {formatNumber(props.added)} new
          </Button>
        </Show>
      </Show>
      <Show when={!props.acts && props.total}>
        <span class={styles['links']}>
          <ExportLinks list="bans" input={inputOf(props.view)} />
        </span>
      </Show>
    </div>
  )
}

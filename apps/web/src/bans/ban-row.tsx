import { type Ban, showHidden } from '@bangui/shared'
import { type JSX, Show } from 'solid-js'
import { countryName } from '../lib/country.ts'
import { formatNumber } from '../lib/format.ts'
import { Checkbox } from '../ui/checkbox.tsx'
import { Link } from '../ui/link.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { AddressLink } from './address-link.tsx'
import { lastingOf } from './ban-end.ts'
import styles from './ban-list.module.css'
import { describeCause, describeReason, describeWho } from './ban-words.ts'
import { Remaining } from './remaining.tsx'

export type BanRowProps = {
  ban: Ban
  /** index among all bans, from 0 */
  index: number
  chosen: boolean
  /** undefined: bans cannot be selected */
  onChoose: ((chosen: boolean, shift: boolean) => void) | undefined
  /** it has ended since the list was loaded */
  ended: boolean
}

/** One ban of the list. */
export function BanRow(props: BanRowProps): JSX.Element {
  return (
    <>
      <span role="cell" class={styles['pick']}>
        <Show when={props.onChoose}>
          {(onChoose) => (
            <Checkbox
              name={`Select ${props.ban.address} in ${props.ban.jail}`}
              label=""
              checked={props.chosen}
              onChange={(chosen, shift) => onChoose()(chosen, shift)}
            />
          )}
        </Show>
      </span>
      <span role="rowheader" class={styles['cell']} data-column="address">
        <AddressLink address={props.ban.address} jail={props.ban.jail} ban={props.ban} />
      </span>
      <span role="cell" class={styles['cell']} data-column="jail" data-whole="">
        <Link href={`/jails/${encodeURIComponent(props.ban.jail)}`} quiet>
          {showHidden(props.ban.jail)}
        </Link>
      </span>
      <span role="cell" class={styles['cell']} data-column="country" data-whole="">
        {countryName(props.ban.country)}
      </span>
      <span role="cell" class={styles['cell']} data-column="since">
        <RelativeTime time={props.ban.since} />
      </span>
      <span role="cell" class={styles['cell']} data-column="until">
        <Show when={!props.ended} fallback={<span class={styles['gone']}>ended</span>}>
          <Remaining {...lastingOf(props.ban)} />
        </Show>
      </span>
      <span role="cell" class={styles['cell']} data-column="times">
        {formatNumber(props.ban.times)}
        <span class={styles['label']}>{props.ban.times === 1 ? ' time' : ' times'}</span>
      </span>
      <span role="cell" class={styles['cell']} data-column="by" data-whole="">
        {describeWho(props.ban)}
      </span>
      <span role="cell" class={styles['cell']} data-column="reason">
        <span class={styles['reason']} data-tooltip={describeCause(props.ban)} tabindex="0">
          {describeReason(props.ban) || '–'}
        </span>
      </span>
    </>
  )
}

/** A row that is being loaded. */
export function BanRowShape(): JSX.Element {
  return (
    <span role="cell" class={styles['shape']}>
      <Skeleton height="14px" width="70%" />
    </span>
  )
}

import type { AddressStats, Origin } from '@bangui/shared'
import { useNavigate } from '@solidjs/router'
import { type JSX, Show } from 'solid-js'
import { usePageHref } from '../../lib/page-host.ts'
import type { BarRow } from '../../charts/bar-list.tsx'
import { countryName } from '../../lib/country.ts'
import { plural } from '../../lib/format.ts'
import { Link } from '../../ui/link.tsx'
import { addressHref } from '../../lib/address-path.ts'
import { MapViewCard } from '../../stats/map-view-card.tsx'
import { describeOrigin } from '../../stats/origin-words.ts'
import { withRange } from '../../stats/range-text.ts'
import { TopCard } from '../../stats/top-card.tsx'
import type { RangeState } from '../../stats/use-range.ts'
import styles from './top-lists.module.css'

/** The top lists of the range; each row links to the bans behind it. */
export function TopLists(props: { state: RangeState }): JSX.Element {
  const navigate = useNavigate()
  const pageHref = usePageHref()
  const activity = (key: string, value: string) =>
    props.state.link(`/activity?${key}=${encodeURIComponent(value)}`)
  return (
    <div class={styles['grid']}>
      <TopCard
        title="By jail"
        verb="byJail"
        state={props.state}
        row={({ key, bans }) => ({ key, label: key, value: bans, href: activity('jail', key) })}
      />
      <TopCard
        title="By country"
        verb="byCountry"
        state={props.state}
        row={({ key, bans }) => ({
          key,
          label: countryName(key),
          value: bans,
          href: activity('country', key),
        })}
      />
      <Show when={props.state.source() === 'archive'}>
        <TopCard
          title="By origin"
          verb="byOrigin"
          state={props.state}
          row={({ key, name, bans }) => ({
            key,
            label: describeOrigin(key, name),
            value: bans,
            href: withOrigin(props.state, key),
          })}
        />
      </Show>
      <TopCard
        title="Networks"
        verb="topNetworks"
        state={props.state}
        row={({ key, bans, addresses, country }) => ({
          key,
          label: key,
          value: bans,
          href: addressHref(key),
          note: noteOf(plural(addresses, 'address', 'addresses'), country),
          mono: true,
        })}
      />
      <TopCard title="Addresses" verb="topAddresses" state={props.state} row={addressRow} />
      <TopCard
        title="Repeat offenders"
        verb="repeatOffenders"
        state={props.state}
        row={addressRow}
        empty="Nobody was banned three times or more."
      />
      <MapViewCard
        title="World"
        state={props.state}
        detail="coarse"
        actions={<Link href={props.state.link('/map')}>Large map</Link>}
        onSelect={(code) => navigate(pageHref(activity('country', code)))}
      />
    </div>
  )
}

const withOrigin = ({ range, source }: RangeState, origin: Origin) =>
  withRange('/activity', range(), { source: source(), origin })

const addressRow = ({ key, bans, country, jails }: AddressStats): BarRow => ({
  key,
  label: key,
  value: bans,
  href: addressHref(key),
  note: noteOf(jails > 1 ? plural(jails, 'jail') : '', country),
  mono: true,
})

const noteOf = (words: string, country: string | null) =>
  [country ? countryName(country) : '', words].filter(Boolean).join(', ') || undefined

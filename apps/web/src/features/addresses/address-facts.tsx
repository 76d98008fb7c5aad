import { type AddressDetail, showHidden } from '@bangui/shared'
import { type JSX, Show } from 'solid-js'
import { countryName } from '../../lib/country.ts'
import { formatNumber } from '../../lib/format.ts'
import { Card } from '../../ui/card.tsx'
import { Fact, Facts } from '../../ui/facts.tsx'
import { Link } from '../../ui/link.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { addressHref } from '../../lib/address-path.ts'

const kinds: Record<string, string> = {
  public: 'public',
  private: 'private: not routed on the Internet',
  loopback: 'loopback: this machine itself',
  unknown: 'not an IP address: fail2ban can ban any text',
}

/** Where an address is and what is known about it. */
export function AddressFacts(props: { detail: AddressDetail }): JSX.Element {
  const isAddress = () => props.detail.kind !== 'unknown'
  return (
    <Card title="Details">
      <Facts>
        <Show when={isAddress()}>
          <Fact term="Country" hint="The current country; each ban keeps the country known at its time">
            {countryName(props.detail.country)}
          </Fact>
          <Fact term="Network">
            <Show when={props.detail.network} fallback="this is a network">
              {(network) => <Link href={addressHref(network())}>{network()}</Link>}
            </Show>
          </Fact>
        </Show>
        <Show when={props.detail.asn}>
          {(asn) => (
            <Fact term="Operator" hint="The organisation that announces the network">
              {showHidden(props.detail.organisation ?? 'unknown')} (AS{asn()})
            </Fact>
          )}
        </Show>
        <Fact term="Kind">{kinds[props.detail.kind] ?? props.detail.kind}</Fact>
        <Fact term="Bans" hint="Includes bans of networks that contain it">
          {formatNumber(props.detail.totals.bans)}
        </Fact>
        <Show when={props.detail.totals.firstAt}>
          {(time) => (
            <Fact term="First ban">
              <RelativeTime time={time()} />
            </Fact>
          )}
        </Show>
        <Show when={props.detail.totals.lastAt}>
          {(time) => (
            <Fact term="Last ban">
              <RelativeTime time={time()} />
            </Fact>
          )}
        </Show>
        <Show when={isAddress()}>
          <Fact term="Ignored by" hint="These jails never ban it">
            <Show when={props.detail.ignoredBy} fallback="fail2ban could not be asked">
              {(jails) => <>{showHidden(jails().join(', ')) || 'no jail'}</>}
            </Show>
          </Fact>
        </Show>
      </Facts>
    </Card>
  )
}

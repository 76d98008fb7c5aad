import { parseAddress, showHidden } from '@bangui/shared'
import { type JSX, Show } from 'solid-js'
import { addressHref } from '../../lib/address-path.ts'
import { Link } from '../../ui/link.tsx'
import styles from './allow-list.module.css'

/** An address as a link to its page; a host name or a file as text. */
export function AddressText(props: { address: string }): JSX.Element {
  return (
    <span class={styles['address']}>
      <Show when={parseAddress(props.address)} fallback={showHidden(props.address)}>
        <Link href={addressHref(props.address)} quiet>
          {props.address}
        </Link>
      </Show>
    </span>
  )
}

import ShieldCheck from 'lucide-solid/icons/shield-check'
import type { JSX } from 'solid-js'
import { LazyMenu } from '../ui/lazy-menu.tsx'
import type { MenuItem } from '../ui/menu.tsx'
import { allowSpans } from './allow-spans.ts'
import { useAllow } from './allow-address.ts'
import styles from './never-ban-menu.module.css'

/** A menu that puts an address on the allow list: for good, for a while, or for one jail. */
export function NeverBanMenu(props: { address: string; jails: readonly string[] }): JSX.Element {
  const allow = useAllow()
  const items = (): MenuItem[] => [
    ...allowSpans.map(({ label, spanMs }) => ({
      label: spanMs === undefined ? 'In every jail' : `In every jail, for ${label}`,
      onSelect: () => void allow({ address: props.address, spanMs }),
    })),
    ...props.jails.map((jail, index) => ({
      label: `Only in ${jail}`,
      separated: index === 0,
      onSelect: () => void allow({ address: props.address, jail }),
    })),
  ]
  return (
    <LazyMenu
      label="Never ban"
      shape="wide"
      tooltip={false}
      items={items}
      trigger={
        <span class={styles['trigger']}>
          <ShieldCheck aria-hidden="true" />
          Never ban…
        </span>
      }
    />
  )
}

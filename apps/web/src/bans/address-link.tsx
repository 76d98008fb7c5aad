import Ban from 'lucide-solid/icons/ban'
import CalendarClock from 'lucide-solid/icons/calendar-clock'
import Copy from 'lucide-solid/icons/copy'
import FileSearch from 'lucide-solid/icons/file-search'
import LockOpen from 'lucide-solid/icons/lock-open'
import ShieldCheck from 'lucide-solid/icons/shield-check'
import type { JSX } from 'solid-js'
import { useCanChange } from '../lib/permissions.ts'
import { LazyMenu } from '../ui/lazy-menu.tsx'
import { Link } from '../ui/link.tsx'
import type { MenuItem } from '../ui/menu.tsx'
import { toast } from '../ui/toast.tsx'
import { useBanActions } from './ban-actions.ts'
import { openChangeBan } from './change-ban-state.ts'
import { openBanDialog } from './open-ban-dialog.ts'
import type { ChosenBan } from './selection.ts'
import styles from './address-link.module.css'
import { addressHref } from '../lib/address-path.ts'
import { useAllow } from './allow-address.ts'

export type AddressLinkProps = {
  address: string
  /** the jail to offer a ban in */
  jail?: string
  /** the active ban that the row shows */
  ban?: ChosenBan
  /** @default true */
  menu?: boolean
}

/** An address or network: a link to its page, with a menu of actions. Needs a QueryProvider. */
export function AddressLink(props: AddressLinkProps): JSX.Element {
  const items = createAddressMenu(props)
  return (
    <span class={styles['address']}>
      <span class={styles['text']} data-whole="">
        <Link href={addressHref(props.address)} quiet>
          {props.address}
        </Link>
      </span>
      {props.menu === false ? null : (
        <span class={styles['menu']}>
          <LazyMenu
            label={`Actions for ${props.address}`}
            trigger={<Dots />}
            align="start"
            items={items}
            tooltip={false}
          />
        </span>
      )}
    </span>
  )
}

/** The menu of actions of an address. */
function createAddressMenu(props: AddressLinkProps): () => MenuItem[] {
  const actions = useBanActions()
  const allow = useAllow()
  const canBan = useCanChange('bans.write')
  const canAllow = useCanChange('ignores.write')
  return () => {
    const address = props.address
    const ban = props.ban
    const jail = ban?.jail ?? props.jail
    return [
      { label: 'View details', icon: <FileSearch />, href: addressHref(address) },
      { label: 'Copy', icon: <Copy />, onSelect: () => void copyAddress(address) },
      ...(canBan()
        ? [
            {
              label: 'Ban…',
              icon: <Ban />,
              separated: true,
              onSelect: () =>
                openBanDialog({
                  addresses: [address],
                  ...(props.jail !== undefined && { jail: props.jail }),
                }),
            },
            ...(ban
              ? [
                  {
                    label: 'Change ban…',
                    icon: <CalendarClock />,
                    onSelect: () => openChangeBan({ reason: null, ...ban }),
                  },
                ]
              : []),
            {
              label: ban ? `Unban in ${ban.jail}` : 'Unban everywhere',
              icon: <LockOpen />,
              onSelect: () => void (ban ? actions.unban([ban]) : actions.unbanEverywhere(address)),
            },
          ]
        : []),
      ...(canAllow() && isAddress(address)
        ? [
            {
              label: 'Never ban',
              icon: <ShieldCheck />,
              separated: true,
              onSelect: () => void allow({ address }),
            },
            ...(jail === undefined
              ? []
              : [
                  {
                    label: `Never ban in ${jail}`,
                    icon: <ShieldCheck />,
                    onSelect: () => void allow({ address, jail }),
                  },
                ]),
          ]
        : []),
    ]
  }
}

/** fail2ban also bans names, which are not valid in a list of addresses. */
const isAddress = (text: string) => /^[\da-f.:/]+$/i.test(text)

/** Rendered once for all rows: an icon component per row slows down scrolling of long lists. */
function Dots(): JSX.Element {
  return (
    <svg viewBox="0 0 24 24" fill="currentColor" aria-hidden="true">
      <circle cx="5" cy="12" r="1.6" />
      <circle cx="12" cy="12" r="1.6" />
      <circle cx="19" cy="12" r="1.6" />
    </svg>
  )
}

async function copyAddress(address: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(address)
    toast({ tone: 'ok', title: `${address} copied` })
  } catch {
    // a page that is not served over HTTPS has no clipboard
    toast({ tone: 'warning', title: 'This browser does not allow copying', text: address })
  }
}

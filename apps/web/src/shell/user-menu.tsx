import KeyRound from 'lucide-solid/icons/key-round'
import LogOut from 'lucide-solid/icons/log-out'
import type { JSX } from 'solid-js'
import { describeError } from '../api/errors.ts'
import { useSession } from '../auth/session.tsx'
import { LazyMenu } from '../ui/lazy-menu.tsx'
import { toast } from '../ui/toast.tsx'
import styles from './user-menu.module.css'

/** Signs out; shows a toast if the server could not be reached. */
export async function signOutOrSay(signOut: () => Promise<void>): Promise<void> {
  try {
    await signOut()
  } catch (error) {
    toast({ tone: 'danger', title: 'Could not sign out', text: describeError(error).message })
  }
}

/** The signed-in user, and what they can do about their account. */
export function UserMenu(): JSX.Element {
  const session = useSession()
  const name = () => session.user()?.name ?? ''
  return (
    <LazyMenu
      label={`Account of ${name()}`}
      tooltip={false}
      trigger={
        <span class={styles['avatar']} aria-hidden="true">
          {String.fromCodePoint(name().codePointAt(0) ?? 0x2022).toUpperCase()}
        </span>
      }
      header={
        <>
          <p class={styles['name']}>{name()}</p>
          <p class={styles['role']}>{session.user()?.role}</p>
        </>
      }
      items={() => [
        { label: 'Password and sessions', icon: <KeyRound />, href: '/settings?tab=account' },
        {
          label: 'Sign out',
          icon: <LogOut />,
          separated: true,
          onSelect: () => void signOutOrSay(session.signOut),
        },
      ]}
    />
  )
}

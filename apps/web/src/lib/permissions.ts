import { can, type Permission } from '@bangui/shared'
import { useSession } from '../auth/session.tsx'
import { useLive } from '../live/live-store.tsx'

/** Returns whether the signed-in user has the permission. */
export function useCan(permission: Permission): () => boolean {
  const session = useSession()
  return () => {
    const user = session.user()
    return user ? can(user, permission) : false
  }
}

/** Returns whether the signed-in user may change fail2ban in this way: nobody may while BanGUI is read-only. */
export function useCanChange(permission: Permission): () => boolean {
  const live = useLive()
  const isAllowed = useCan(permission)
  return () => isAllowed() && !(live.runtime?.readOnly ?? false)
}

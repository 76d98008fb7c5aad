import { useSession } from '../auth/session.tsx'
import { useLive } from '../live/live-store.tsx'

/** Whether BanGUI is read-only: it changes nothing in fail2ban, its files or its bans, for no user. */
const useReadOnly = (): (() => boolean) => {
  const live = useLive()
  return () => live.runtime?.readOnly ?? false
}

/** Whether the signed-in user is an operator or administrator. */
export function useIsOperator(): () => boolean {
  const session = useSession()
  return () => {
    const role = session.user()?.role
    return role === 'operator' || role === 'admin'
  }
}

/** Whether the signed-in user may ban, unban, start and stop here. */
export function useMayAct(): () => boolean {
  const isOperator = useIsOperator()
  const isReadOnly = useReadOnly()
  return () => isOperator() && !isReadOnly()
}

/** Whether the signed-in user may change the configuration, load it, and start and stop fail2ban here. */
export function useMayConfigure(): () => boolean {
  const session = useSession()
  const isReadOnly = useReadOnly()
  return () => session.user()?.role === 'admin' && !isReadOnly()
}

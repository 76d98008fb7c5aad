import { useSession } from '../auth/session.tsx'

/** Whether the signed-in user may ban, unban, start and stop. */
export function useMayAct(): () => boolean {
  const session = useSession()
  return () => {
    const role = session.user()?.role
    return role === 'operator' || role === 'admin'
  }
}

/** Whether the signed-in user may change the configuration. */
export function useMayConfigure(): () => boolean {
  const session = useSession()
  return () => session.user()?.role === 'admin'
}

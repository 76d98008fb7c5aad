import type { Deps } from '../deps.ts'

/** How long a check of the database is valid: anybody may ask, and each check writes. */
const VALID_MS = 1000

/** `/api/health`: 200 while the process can serve, 503 when its database cannot be used. */
export function createHealth({
  database,
  appState,
  hosts,
  clock,
  log,
}: Pick<Deps, 'database' | 'appState' | 'hosts' | 'clock' | 'log'>) {
  let checkedAt = -Infinity
  let usable = true

  const look = () => {
    const now = clock()
    if (now >= checkedAt && now - checkedAt < VALID_MS) return usable
    checkedAt = now
    try {
      database.check()
      usable = true
    } catch (error) {
      if (usable) log.error({ event: 'database_unavailable', err: error }, 'the database cannot be used')
      usable = false
    }
    return usable
  }

  return () => {
    const online = hosts.list().every(({ state }) => state.get().serverStatus.online)
    const isUsable = look()
    const status = isUsable && online ? 'ok' : 'degraded'
    const body = { status, version: appState.get().version, daemon: { online } }
    return Response.json(body, { status: isUsable ? 200 : 503, headers: { 'cache-control': 'no-store' } })
  }
}

import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import { alertsRouter } from './features/alerts/alerts.router.ts'
import { authRouter } from './features/auth/auth.router.ts'
import { bansRouter } from './features/bans/bans.router.ts'
import { blocklistsRouter } from './features/blocklists/blocklists.router.ts'
import { applyProcedure } from './features/config/change.procedures.ts'
import { configRouter } from './features/config/config.router.ts'
import { eventsRouter } from './features/events/events.router.ts'
import { geoRouter } from './features/geo/geo.router.ts'
import { healthRouter } from './features/health/health.router.ts'
import { historyRouter } from './features/history/history.router.ts'
import { hostsRouter } from './features/hosts/hosts.router.ts'
import { ignoresRouter } from './features/ignores/ignores.router.ts'
import { jailsRouter } from './features/jails/jails.router.ts'
import { liveRouter } from './features/live/live.router.ts'
import { operationsRouter } from './features/operations/operations.router.ts'
import { pauseRouter } from './features/pause/pause.router.ts'
import { recoveryRouter } from './features/recovery/recovery.router.ts'
import { serverRouter } from './features/server/server.router.ts'
import { settingsRouter } from './features/settings/settings.router.ts'
import { setupRouter } from './features/setup/setup.router.ts'
import { stateRouter } from './features/state/state.router.ts'
import { statsRouter } from './features/stats/stats.router.ts'
import { createCallerFactory, router } from './trpc.ts'

export const appRouter = router({
  alerts: alertsRouter,
  auth: authRouter,
  bans: bansRouter,
  blocklists: blocklistsRouter,
  config: configRouter,
  // tRPC takes no key `apply` in a router: as a path it is like any other
  'config.apply': applyProcedure,
  events: eventsRouter,
  geo: geoRouter,
  health: healthRouter,
  history: historyRouter,
  hosts: hostsRouter,
  ignores: ignoresRouter,
  jails: jailsRouter,
  live: liveRouter,
  operations: operationsRouter,
  pause: pauseRouter,
  recovery: recoveryRouter,
  server: serverRouter,
  settings: settingsRouter,
  setup: setupRouter,
  state: stateRouter,
  stats: statsRouter,
})

export type AppRouter = typeof appRouter
export type RouterInputs = inferRouterInputs<AppRouter>
export type RouterOutputs = inferRouterOutputs<AppRouter>

/** Calls procedures without HTTP: what tests use. */
export const createCaller = createCallerFactory(appRouter)

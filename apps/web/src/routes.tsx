import type { RouteDefinition } from '@solidjs/router'
import { type Component, lazy } from 'solid-js'
import { Guard } from './shell/guard.tsx'
import { NotFoundPage } from './shell/not-found-page.tsx'
import { RouteView } from './shell/route-view.tsx'

const view =
  (page: Component): Component =>
  () => <RouteView>{page({})}</RouteView>

const overview = lazy(async () => ({
  default: (await import('./features/overview/overview-page.tsx')).OverviewPage,
}))
const activity = lazy(async () => ({
  default: (await import('./features/activity/activity-page.tsx')).ActivityPage,
}))
const map = lazy(async () => ({ default: (await import('./features/map/map-page.tsx')).MapPage }))
const jails = lazy(async () => ({ default: (await import('./features/jails/jails-page.tsx')).JailsPage }))
const jail = lazy(async () => ({ default: (await import('./features/jails/jail-page.tsx')).JailPage }))
const bans = lazy(async () => ({ default: (await import('./features/bans/bans-page.tsx')).BansPage }))
const address = lazy(async () => ({
  default: (await import('./features/addresses/address-page.tsx')).AddressPage,
}))
const settings = lazy(async () => ({
  default: (await import('./features/settings/settings-page.tsx')).SettingsPage,
}))
const signIn = lazy(async () => ({
  default: (await import('./features/sign-in/sign-in-page.tsx')).SignInPage,
}))
const setup = lazy(async () => ({ default: (await import('./features/setup/setup-page.tsx')).SetupPage }))

/** Every page; each is fetched when it is gone to. */
export const routes: RouteDefinition[] = [
  { path: '/sign-in', component: view(signIn) },
  { path: '/setup', component: view(setup) },
  {
    path: '/',
    component: Guard,
    children: [
      { path: '/', component: view(overview), preload: () => void overview.preload() },
      { path: '/activity', component: view(activity), preload: () => void activity.preload() },
      { path: '/map', component: view(map), preload: () => void map.preload() },
      { path: '/jails', component: view(jails), preload: () => void jails.preload() },
      { path: '/jails/:name', component: view(jail), preload: () => void jail.preload() },
      { path: '/bans', component: view(bans), preload: () => void bans.preload() },
      { path: '/addresses/:address', component: view(address), preload: () => void address.preload() },
      { path: '/settings', component: view(settings), preload: () => void settings.preload() },
      { path: '*', component: view(NotFoundPage) },
    ],
  },
]

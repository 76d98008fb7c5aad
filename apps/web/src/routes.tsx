import type { RouteDefinition } from '@solidjs/router'
import type { Component } from 'solid-js'
import { defineLazyModule } from './lib/lazy-module.ts'
import { Guard } from './shell/guard.tsx'
import { bareFrame, lazyPage } from './shell/lazy-page.tsx'
import { NotFoundPage } from './shell/not-found-page.tsx'
import { RouteView } from './shell/route-view.tsx'

const view =
  (page: Component): Component =>
  () => <RouteView>{page({})}</RouteView>

const overview = lazyPage(
  defineLazyModule(async () => (await import('./features/overview/overview-page.tsx')).OverviewPage),
)
const activity = lazyPage(
  defineLazyModule(async () => (await import('./features/activity/activity-page.tsx')).ActivityPage),
)
const statistics = lazyPage(
  defineLazyModule(async () => (await import('./features/statistics/statistics-page.tsx')).StatisticsPage),
)
const operations = lazyPage(
  defineLazyModule(async () => (await import('./features/operations/operations-page.tsx')).OperationsPage),
)
const map = lazyPage(defineLazyModule(async () => (await import('./features/map/map-page.tsx')).MapPage))
const jails = lazyPage(
  defineLazyModule(async () => (await import('./features/jails/jails-page.tsx')).JailsPage),
)
const jail = lazyPage(defineLazyModule(async () => (await import('./features/jails/jail-page.tsx')).JailPage))
const protection = lazyPage(
  defineLazyModule(async () => (await import('./features/protection/protection-page.tsx')).ProtectionPage),
)
const bans = lazyPage(defineLazyModule(async () => (await import('./features/bans/bans-page.tsx')).BansPage))
const address = lazyPage(
  defineLazyModule(async () => (await import('./features/addresses/address-page.tsx')).AddressPage),
)
const configuration = lazyPage(
  defineLazyModule(
    async () => (await import('./features/configuration/configuration-page.tsx')).ConfigurationPage,
  ),
)
const blocklists = lazyPage(
  defineLazyModule(async () => (await import('./features/blocklists/blocklists-page.tsx')).BlocklistsPage),
)
const alerts = lazyPage(
  defineLazyModule(async () => (await import('./features/alerts/alerts-page.tsx')).AlertsPage),
)
const allowList = lazyPage(
  defineLazyModule(async () => (await import('./features/allow-list/allow-list-page.tsx')).AllowListPage),
)
const regexLab = lazyPage(
  defineLazyModule(async () => (await import('./features/regex-lab/regex-lab-page.tsx')).RegexLabPage),
)
const logs = lazyPage(defineLazyModule(async () => (await import('./features/logs/logs-page.tsx')).LogsPage))
const settings = lazyPage(
  defineLazyModule(async () => (await import('./features/settings/settings-page.tsx')).SettingsPage),
)
const signIn = lazyPage(
  defineLazyModule(async () => (await import('./features/sign-in/sign-in-page.tsx')).SignInPage),
  bareFrame,
)
const setup = lazyPage(
  defineLazyModule(async () => (await import('./features/setup/setup-page.tsx')).SetupPage),
  bareFrame,
)

/** All pages; each is fetched on navigation, or earlier when the browser is idle. */
export const routes: RouteDefinition[] = [
  { path: '/sign-in', component: view(signIn) },
  { path: '/setup', component: view(setup) },
  {
    path: '/',
    component: Guard,
    children: [
      { path: '/', component: view(overview), preload: () => void overview.preload() },
      { path: '/activity', component: view(activity), preload: () => void activity.preload() },
      { path: '/operations', component: view(operations), preload: () => void operations.preload() },
      { path: '/statistics', component: view(statistics), preload: () => void statistics.preload() },
      { path: '/map', component: view(map), preload: () => void map.preload() },
      { path: '/jails', component: view(jails), preload: () => void jails.preload() },
      { path: '/jails/:name', component: view(jail), preload: () => void jail.preload() },
      { path: '/protection', component: view(protection), preload: () => void protection.preload() },
      { path: '/bans', component: view(bans), preload: () => void bans.preload() },
      { path: '/addresses/:address', component: view(address), preload: () => void address.preload() },
      {
        path: '/configuration/*part',
        component: view(configuration),
        preload: () => void configuration.preload(),
      },
      { path: '/blocklists', component: view(blocklists), preload: () => void blocklists.preload() },
      { path: '/allow-list', component: view(allowList), preload: () => void allowList.preload() },
      { path: '/alerts', component: view(alerts), preload: () => void alerts.preload() },
      { path: '/regex-lab', component: view(regexLab), preload: () => void regexLab.preload() },
      { path: '/logs', component: view(logs), preload: () => void logs.preload() },
      { path: '/settings', component: view(settings), preload: () => void settings.preload() },
      { path: '*', component: view(NotFoundPage) },
    ],
  },
]

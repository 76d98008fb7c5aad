import { type Ban, hasOrigin, type Origin } from '@bangui/shared'
import { screen } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { BanDialogHost } from '../src/features/bans/ban-dialog-host.tsx'
import { BansPage } from '../src/features/bans/bans-page.tsx'
import { ToastRegion } from '../src/ui/toast.tsx'
import { TooltipLayer } from '../src/ui/tooltip.tsx'
import { banOf, jailOf } from './fixtures.ts'
import { type PageOptions, renderPage } from './render-page.tsx'

type ListInput = {
  search?: string
  jail?: string
  origin?: Origin
  sort?: string
  offset?: number
  limit?: number
}

/** A page of the list as the server returns it. */
export const pageOf = (bans: readonly Ban[], input: unknown) => {
  const { offset = 0, limit = 50, jail, search, origin } = input as ListInput
  const rows = bans.filter(
    (ban) =>
      (!jail || ban.jail === jail) &&
      (!search || ban.address.startsWith(search)) &&
      (!origin || hasOrigin(ban.by, origin)),
  )
  return { rows: rows.slice(offset, offset + limit), total: rows.length, nextCursor: null }
}

export const threeBans = [
  banOf('203.0.113.1'),
  banOf('203.0.113.2', { until: null, duration: -1 }),
  banOf('2001:db8::1', { jail: 'nginx', times: 4 }),
]

/** Shows the page of the bans, with {@link threeBans} by default. */
export async function showBans(options: PageOptions & { bans?: readonly Ban[] } = {}) {
  const bans = options.bans ?? threeBans
  const page = renderPage(
    () => (
      <>
        <BansPage />
        <BanDialogHost />
        <ToastRegion />
        <TooltipLayer />
      </>
    ),
    {
      jails: [jailOf('nginx'), jailOf('sshd')],
      ...options,
      procedures: {
        'stats.byOrigin': () => [{ key: 'blocklist:3', name: 'worms', bans: 9, asOf: 0 }],
        'bans.list': (input) => pageOf(bans, input),
        'bans.unban': (input) => ({
          unbanned: (input as { addresses: string[] }).addresses.length,
          absent: 0,
        }),
        ...options.procedures,
      },
    },
  )
  await screen.findByRole('heading', { name: 'Bans' })
  return { ...page, user: userEvent.setup() }
}

export const table = () => screen.findByRole('table', { name: 'Active bans' })
export const rowOf = async (address: string) =>
  (await screen.findByRole('link', { name: address })).closest<HTMLElement>('[role=row]') as HTMLElement
/** Returns the inputs of the calls of a procedure. */
export const asked = (calls: readonly string[], path: string) =>
  calls
    .filter((call) => call.startsWith(`${path} `))
    .map((call) => JSON.parse(call.slice(path.length)) as ListInput)

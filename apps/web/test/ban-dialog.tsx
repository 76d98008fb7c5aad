import type { BanPreview } from '@bangui/shared'
import { screen, within } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { BanDialogHost } from '../src/features/bans/ban-dialog-host.tsx'
import type { BanDialogRequest } from '../src/bans/ban-draft.ts'
import { openBanDialog } from '../src/bans/open-ban-dialog.ts'
import { ToastRegion } from '../src/ui/toast.tsx'
import { jailOf } from './fixtures.ts'
import { type PageOptions, renderPage } from './render-page.tsx'

/** The input of a ban request. */
export type Input = { jail: string; addresses: string[]; duration?: number; force?: boolean; reason?: string }

/** A preview without problems; `over` changes it. */
export const previewOf = (input: unknown, over: Partial<BanPreview> = {}): BanPreview => ({
  addresses: (input as Input).addresses,
  wouldBan: (input as Input).addresses.length,
  already: 0,
  refused: [],
  jail: (input as Input).jail,
  duration: (input as Input).duration ?? 600,
  endedByBangui: false,
  needsManualJail: false,
  warnings: [],
  ...over,
})

/** Opens the ban dialog. */
export async function openDialog(request: BanDialogRequest, options: PageOptions = {}) {
  const page = renderPage(
    () => (
      <>
        <BanDialogHost />
        <ToastRegion />
      </>
    ),
    {
      jails: [jailOf('nginx'), jailOf('sshd'), jailOf('off', { running: false })],
      ...options,
      procedures: {
        'bans.preview': (input) => previewOf(input),
        'bans.ban': (input) => ({
          banned: (input as Input).addresses.length,
          already: 0,
          refused: [],
          jail: (input as Input).jail,
        }),
        'bans.unban': () => ({ unbanned: 1, absent: 0 }),
        'operations.undo': () => ({ restored: 3, over: 0, already: 1, refused: [], shortened: [] }),
        ...options.procedures,
      },
    },
  )
  openBanDialog(request)
  const dialog = await screen.findByRole('dialog', { name: 'Ban addresses' })
  const inputs = (path: string) =>
    page.calls
      .filter((call) => call.startsWith(`${path} `))
      .map((call) => JSON.parse(call.slice(path.length)) as Input)
  return { ...page, inside: within(dialog), inputs, user: userEvent.setup() }
}

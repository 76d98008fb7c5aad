import * as Kobalte from '@kobalte/core/dialog'
import { useNavigate } from '@solidjs/router'
import { createMemo, type JSX } from 'solid-js'
import { usePageHref } from '../../lib/page-host.ts'
import { useApi } from '../../api/api-context.tsx'
import { describeError } from '../../api/errors.ts'
import { useSession } from '../../auth/session.tsx'
import { useLive } from '../../live/live-store.tsx'
import { signOutOrSay } from '../../shell/user-menu.tsx'
import { CommandList } from './command-list.tsx'
import { listCommands } from './commands.ts'
import type { Command } from './match.ts'
import styles from './palette.module.css'
import { suggestCommands } from './suggest.ts'

/** The command palette finds pages, jails, actions, addresses and countries by a few letters. */
export function Palette(props: { open: boolean; onOpenChange: (open: boolean) => void }): JSX.Element {
  const live = useLive()
  const api = useApi()
  const session = useSession()
  const navigate = useNavigate()
  const pageHref = usePageHref()
  const goTo = (path: string) => navigate(pageHref(path))
  let opener: Element | null = null
  let chosen: Command | undefined

  // changed counts do not change the list
  const commands = createMemo(
    () =>
      listCommands({
        jails: live.jails ?? [],
        online: live.runtime?.serverStatus.online ?? false,
        navigate: goTo,
        probe: () => api.server.probe.mutate(),
        signOut: () => void signOutOrSay(session.signOut),
        describe: describeError,
      }),
    undefined,
    { equals: (before, after) => wordsOf(before) === wordsOf(after) },
  )
  // the focus returns first, so that the command can move it
  const onClosed = (event: Event) => {
    event.preventDefault()
    if (opener instanceof HTMLElement && opener.isConnected) opener.focus()
    const command = chosen
    chosen = undefined
    command?.run()
  }

  return (
    <Kobalte.Root open={props.open} onOpenChange={(open) => props.onOpenChange(open)}>
      <Kobalte.Portal>
        <Kobalte.Overlay class={styles['overlay']} />
        <div class={styles['positioner']}>
          <Kobalte.Content
            class={styles['content']}
            aria-label="Search and commands"
            onOpenAutoFocus={() => (opener = document.activeElement)}
            onCloseAutoFocus={onClosed}
          >
            <CommandList
              commands={commands()}
              suggest={(typed) => suggestCommands(typed, goTo)}
              onRun={(command) => {
                chosen = command
                props.onOpenChange(false)
              }}
            />
          </Kobalte.Content>
        </div>
      </Kobalte.Portal>
    </Kobalte.Root>
  )
}

const wordsOf = (commands: readonly Command[]) => JSON.stringify(commands.map(({ id, hint }) => [id, hint]))

import type { PrivateDaemon } from '@bangui/fail2ban'
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eventually } from './eventually.ts'

/** fail2ban's client and a start command that a test can hold up, or let fail. */
export interface ScriptedTools {
  readonly environment: Record<string, string>
  /** Makes the next loads of one jail, or starts, hang until the hanging program is ended. */
  hold(what: 'load' | 'start'): Promise<void>
  /** Waits until a program hangs and gives its process id. */
  held(): Promise<number>
  /** Ends the hanging program; later ones hang no more. */
  release(): Promise<void>
  /** Makes every start fail with a text, or work again. */
  failStart(text: string | null): Promise<void>
}

/** Puts scripts in front of the programs of a private daemon. */
export async function scriptTools(daemon: PrivateDaemon): Promise<ScriptedTools> {
  const folder = join(daemon.folder, 'tools')
  const [client, start] = [join(folder, 'fail2ban-client'), join(folder, 'start')]
  const [hold, pid, failure] = [join(folder, 'hold'), join(folder, 'pid'), join(folder, 'failure')]
  const hang = (what: string) =>
    `if [ "$(cat '${hold}' 2>/dev/null)" = ${what} ]; then echo $$ > '${pid}'; exec sleep 600; fi`
  await mkdir(folder)
  await writeFile(
    client,
    `#!/bin/sh\ncase " $* " in *" --if-exists "*) ${hang('load')};; esac\nexec fail2ban-client "$@"\n`,
    { mode: 0o755 },
  )
  await writeFile(
    start,
    `#!/bin/sh\n${hang('start')}\nif [ -e '${failure}' ]; then cat '${failure}'; exit 1; fi\nexec "$@"\n`,
    { mode: 0o755 },
  )
  await symlink('/usr/bin/fail2ban-server', join(folder, 'fail2ban-server'))
  const held = () =>
    eventually(async () => {
      const text = await readFile(pid, 'utf8')
      if (!/^\d+\n$/.test(text)) throw new Error(`no program hangs yet: ${text}`)
      return Number(text)
    })
  return {
    environment: {
      BANGUI_FAIL2BAN_CLIENT: client,
      BANGUI_FAIL2BAN_START_COMMAND: JSON.stringify([start, ...daemon.startCommand]),
    },
    hold: (what) => writeFile(hold, what),
    held,
    async release() {
      process.kill(await held(), 'SIGKILL')
      await Promise.all([rm(hold), rm(pid)])
    },
    failStart: (text) => (text === null ? rm(failure) : writeFile(failure, text)),
  }
}

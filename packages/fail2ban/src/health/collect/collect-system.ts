import { existsSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { runTool } from '../../host/run-tool.ts'
import { daemonRoot } from './collect-own-log.ts'
import type { SystemSeen } from '../seen/machine-seen.ts'
import type { Collector } from './collector.ts'

const DEADLINE_MS = 3000

/** Sees the state of services and clocks that matter for fail2ban. */
export const collectSystem: Collector<'system'> = async (collecting) => {
  const { memory, get, now } = collecting
  const processes = await get('processes')
  const ufw = await readFile(`${await daemonRoot(collecting)}/etc/ufw/ufw.conf`, 'utf8').catch(() => null)
  const isBooted = existsSync('/run/systemd/system')
  const answers = isBooted
    ? await Promise.all([
        ask(['systemctl', 'is-enabled', 'fail2ban.service']),
        ask(['systemctl', 'show', 'fail2ban.service', '--property=ActiveState', '--value']),
        ask(['timedatectl', 'show', '--property=NTPSynchronized', '--value']),
      ])
    : []
  return {
    ufwEnabled: ufw === null ? null : isUfwEnabled(ufw),
    canReadJournal: hasJournal() && pythonModules.some((path) => existsSync(path)),
    firewalldRuns: processes.some(({ name }) => name === 'firewalld'),
    hasSystemd: isBooted,
    ...readAnswers(answers),
    clockJumpMs: memory.clock.jump(now),
  }
}

/** Returns whether `ufw.conf` switches ufw on. */
export const isUfwEnabled = (text: string): boolean => /^\s*ENABLED=yes\s*$/im.test(text)

/** Returns what `systemctl is-enabled`, `systemctl show` and `timedatectl show` say; an error of theirs is a sentence. */
export function readAnswers([unit, active, clock]: readonly (string | null)[]): Pick<
  SystemSeen,
  'unitState' | 'activeState' | 'isClockSynchronised'
> {
  const stateOf = (answer: string | null | undefined) =>
    answer && /^[\w-]{1,30}$/.test(answer) ? answer : null
  return {
    unitState: unit === 'not-found' ? null : stateOf(unit),
    activeState: stateOf(active),
    isClockSynchronised: clock === 'yes' ? true : clock === 'no' ? false : null,
  }
}

/** Where distributions put the Python module systemd. */
const pythonModules = ['/usr/lib/python3/dist-packages/systemd/journal.py']

const hasJournal = (): boolean =>
  ['/var/log/journal', '/run/log/journal'].some(
    (folder) => existsSync(folder) && readdirSync(folder).length > 0,
  )

/** Returns what a tool of systemd says; null where it cannot be asked. */
async function ask(command: readonly string[]): Promise<string | null> {
  const result = await runTool(command, { deadline: DEADLINE_MS }).catch(() => null)
  return result === null || result.timedOut ? null : (result.output.split('\n')[0] ?? '').trim() || null
}

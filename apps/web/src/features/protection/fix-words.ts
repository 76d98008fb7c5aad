import { type ConfigPreview, showHidden } from '@bangui/shared'
import { formatList, formatSpan, plural } from '../../lib/format.ts'
import { describeLifted } from '../../lib/lifted-bans.ts'

/** Returns what a change does, in sentences. */
export function describeConsequences({
  load,
  bansEnding,
  bansInterrupted,
  riskOfLockout,
  confirmWithin,
}: ConfigPreview): string[] {
  const names = (jails: readonly string[]) => formatList(jails.map(showHidden))
  const reloaded = load.jails.filter((jail) => !load.restartJails.includes(jail))
  return [
    'fail2ban has tested the change on a copy of the configuration.',
    load.restart && 'fail2ban will be restarted.',
    reloaded.length > 0 && `Will be reloaded: ${names(reloaded)}.`,
    load.restartJails.length > 0 && `Will be restarted: ${names(load.restartJails)}.`,
    load.stopJails.length > 0 && `Will be stopped: ${names(load.stopJails)}.`,
    describeLifted({ load, bansInterrupted }),
    bansEnding > 0 && `${plural(bansEnding, 'ban')} will end.`,
    riskOfLockout &&
      (confirmWithin === null
        ? 'The change affects who is banned and how. Make sure that you can still reach this machine.'
        : `The change affects who is banned and how. It is kept only if you still reach BanGUI afterwards. The page checks this automatically; otherwise the change is rolled back after ${formatSpan(confirmWithin)}.`),
  ].filter((words) => words !== false && words !== undefined)
}

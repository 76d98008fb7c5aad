import { type ConfigPreview, showHidden } from '@bangui/shared'
import { formatList, plural } from '../../lib/format.ts'

/** Returns what a change does, in sentences. */
export function describeConsequences({
  load,
  bansEnding,
  bansInterrupted,
  riskOfLockout,
}: ConfigPreview): string[] {
  const names = (jails: readonly string[]) => formatList(jails.map(showHidden))
  const reloaded = load.jails.filter((jail) => !load.restartJails.includes(jail))
  return [
    'fail2ban has tested the change on a copy of the configuration.',
    load.restart && 'fail2ban itself is restarted.',
    reloaded.length > 0 && `Loaded again: ${names(reloaded)}.`,
    load.restartJails.length > 0 && `Restarted: ${names(load.restartJails)}.`,
    load.stopJails.length > 0 && `Stopped: ${names(load.stopJails)}.`,
    bansInterrupted > 0 &&
      `${plural(bansInterrupted, 'ban')} ${bansInterrupted === 1 ? 'is' : 'are'} lifted for a moment.`,
    bansEnding > 0 && `${plural(bansEnding, 'ban')} ${bansEnding === 1 ? 'ends' : 'end'}.`,
    riskOfLockout &&
      'The change decides who is banned and how: make sure that you can still reach this machine.',
  ].filter((words) => words !== false)
}

import { type Operation, type Permission, showHidden } from '@bangui/shared'
import { formatNumber, plural } from '../../lib/format.ts'
import type { Tone } from '../../ui/tone.ts'

/** How each state is called and shown. */
export const operationStates: Record<Operation['state'], readonly [label: string, tone: Tone]> = {
  running: ['in progress', 'info'],
  done: ['done', 'ok'],
  partly: ['partly done', 'warning'],
  failed: ['failed', 'danger'],
  cancelled: ['cancelled', 'neutral'],
  interrupted: ['interrupted', 'warning'],
}

/** Returns who did it, such as "By ada" or "By BanGUI, for ada and grace". */
export function describeActor({ actor, askedBy, resumedBy }: Operation): string {
  const name = actor.kind === 'user' ? actor.name : null
  const who = `By ${name === null ? 'BanGUI' : showHidden(name)}`
  const others = [
    askedBy?.length ? `for ${listOf(askedBy.map(showHidden))}` : '',
    resumedBy === undefined ? '' : `continued by ${showHidden(resumedBy)}`,
  ]
  return [who, ...others.filter(Boolean)].join(', ')
}

function listOf(names: readonly string[]): string {
  if (names.length > 3) return `${names.slice(0, 2).join(', ')} and ${plural(names.length - 2, 'other')}`
  return new Intl.ListFormat('en').format(names)
}

/** Returns how far it is, such as "1,250 of 5,000". */
export const describeProgress = ({ done, total }: Pick<Operation, 'done' | 'total'>): string =>
  total === null ? formatNumber(done) : `${formatNumber(done)} of ${formatNumber(total)}`

/** The undo of a change of the configuration is one, too. */
export const undoPermission = ({ kind }: Pick<Operation, 'kind'>): Permission =>
  kind === 'ban' || kind === 'unban' ? 'bans.write' : 'config.write'

/** Returns what the undo of an operation does. */
export function describeUndo({ kind }: Pick<Operation, 'kind'>): string {
  if (kind === 'ban')
    return 'BanGUI ends the bans that this operation made, and restores the ends that it changed. Bans that somebody has changed since stay as they are.'
  if (kind === 'unban')
    return 'BanGUI restores the bans that this operation ended, until their previous end. Addresses that somebody has banned again since stay as they are.'
  return 'BanGUI undoes this change in the files, tests the result on a copy first, and reloads the affected jails. If the same options have been changed since, nothing is done.'
}

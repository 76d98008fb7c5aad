import { type Operation, type Permission, showHidden } from '@bangui/shared'
import { formatNumber, plural } from './format.ts'
import type { Tone } from '../ui/tone.ts'

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
  const name = actor.kind === 'system' ? 'BanGUI' : actor.name
  const parts = [
    name === null ? 'By an unknown person' : `By ${showHidden(name)}`,
    askedBy?.length ? `for ${listOf(askedBy.map(showHidden))}` : '',
    resumedBy === undefined ? '' : `continued${resumedBy === name ? '' : ` by ${showHidden(resumedBy)}`}`,
  ]
  return parts.filter(Boolean).join(', ')
}

function listOf(names: readonly string[]): string {
  if (names.length > 3) return `${names.slice(0, 2).join(', ')} and ${plural(names.length - 2, 'other')}`
  return new Intl.ListFormat('en').format(names)
}

/** Returns how far it is, such as "1,250 of 5,000". The last steps of one that was interrupted may not be recorded. */
export function describeProgress({
  done,
  total,
  state,
}: Pick<Operation, 'done' | 'total' | 'state'>): string {
  const reached = total === null ? formatNumber(done) : `${formatNumber(done)} of ${formatNumber(total)}`
  return state === 'interrupted' ? `at least ${reached}` : reached
}

const control: readonly Operation['kind'][] = ['jail.start', 'jail.stop', 'jail.restart']

/** Returns the permission that the undo of an operation needs; the server knows it exactly. */
export function undoPermission({ kind }: Pick<Operation, 'kind'>): Permission {
  if (kind === 'ban' || kind === 'ban.update' || kind === 'unban') return 'bans.write'
  return control.includes(kind) ? 'jails.control' : 'config.write'
}

/** Returns what the undo of an operation does. */
export function describeUndo({ kind }: Pick<Operation, 'kind'>): string {
  if (kind === 'ban.update')
    return 'BanGUI restores the end and the reason that this ban had. What somebody has changed since stays as it is.'
  if (kind === 'ban')
    return 'BanGUI ends the bans that this operation made, and restores the end times that it changed. Bans that somebody has changed since stay as they are.'
  if (kind === 'unban')
    return 'BanGUI restores the bans that this operation ended, until their previous end times. Addresses that somebody has banned again since stay as they are.'
  if (control.includes(kind)) return 'BanGUI starts or stops the jail again, as it was before.'
  return 'BanGUI undoes this change in the files, tests the result on a copy first, and reloads the affected jails. If the same options have been changed since, nothing is done.'
}

/** Returns a text with a capital first letter. */
export const capitalized = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`

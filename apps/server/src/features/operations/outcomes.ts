import {
  counted,
  type BanProof,
  type BanResult,
  type PauseResult,
  type ChangeResult,
  type IgnoreResult,
  type RollbackResult,
  type ServerStatus,
  type UndoResult,
} from '@bangui/shared'
import type { Kept } from '../ignores/ignore-kept.ts'
import { CANCELLED, DONE, type Outcome } from './operation.ts'

const failed = (message: string): Outcome => ({ state: 'failed', message })

/** Returns how a ban ended: `partly` where some addresses were refused, `failed` where all were. */
export function outcomeOfBan({ banned, already, refused }: BanResult): Outcome {
  const [first] = refused
  if (!first) return DONE
  if (refused.some(({ reason }) => reason === 'cancelled')) return CANCELLED
  if (banned + already === 0) return failed(first.message)
  return { state: 'partly', message: refusedText(refused.length) }
}

/** Returns how an undo ended. */
export function outcomeOfUndo({ restored, over, already, refused, files, note }: UndoResult): Outcome {
  // fail2ban's own words are for the user who undid it alone
  if (files && note !== undefined)
    return { state: 'partly', message: 'The files were restored, but not loaded without a problem.' }
  if (note !== undefined) return { state: 'partly', message: note }
  const [first] = refused
  if (!first) return DONE
  const handled = restored + over + already
  if (handled === 0) return failed(first.message)
  return { state: 'partly', message: refusedText(refused.length) }
}

const refusedText = (count: number) => `${counted(count, 'address was', 'addresses were')} refused.`

/** Returns how a change of jails or of the configuration ended. */
export const outcomeOfChange = ({ applied }: ChangeResult): Outcome =>
  applied ? DONE : failed('fail2ban did not load the change.')

export const outcomeOfRollback = ({ online }: RollbackResult): Outcome =>
  online ? DONE : failed('fail2ban did not come online.')

/** Returns how the beginning or the end of a pause ended. */
export const outcomeOfPause = ({ jails, left }: PauseResult): Outcome =>
  left.length === 0
    ? DONE
    : {
        state: jails.length > 0 ? 'partly' : 'failed',
        message: `fail2ban did not answer about ${left.join(', ')}. BanGUI tries again.`,
      }

/** Returns how a test of bans ended: it says itself what it saw. */
export function outcomeOfProof({ outcome, families, ended }: BanProof): Outcome {
  if (!ended)
    return { state: 'partly', message: 'BanGUI could not end the test bans yet and will try again.' }
  if (outcome === 'blocked') return DONE
  return { state: 'partly', message: families.find(({ why }) => why !== null)?.why ?? '' }
}

/** Returns how a change of the allow list ended: it counts also where it is not in effect everywhere yet. */
export const outcomeOfIgnores = ({ problems }: IgnoreResult): Outcome =>
  problems.length === 0 ? DONE : { state: 'partly', message: problems.join(' ') }

/** Returns how the allow list was kept. */
export function outcomeOfKept({ written, unset, offline }: Kept): Outcome {
  const problems = [offline, ...unset, written.problem].filter((problem) => problem !== null)
  if (problems.length === 0) return DONE
  return { state: written.state === 'failed' ? 'failed' : 'partly', message: problems.join(' ') }
}

/** Returns how a start of the daemon ended. */
export const outcomeOfStart = ({ online }: ServerStatus): Outcome =>
  online ? DONE : failed('fail2ban did not come online.')

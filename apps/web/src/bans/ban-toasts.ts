import type { Ban, BanResult, CoveredAddress } from '@bangui/shared'
import { describeError } from '../api/errors.ts'
import { formatNumber, plural } from '../lib/format.ts'
import type { ToastOptions } from '../ui/toast.tsx'
import { describeCover } from './cover-words.ts'
import type { EndedBans } from './end-bans.ts'
import type { ChosenBan } from './selection.ts'

/** Returns a toast about addresses that other bans still cover. `bans`: those other bans, each once. */
export function describeStillBanned(
  covered: readonly CoveredAddress[],
  bans: readonly Pick<Ban, 'address' | 'jail'>[],
): ToastOptions | undefined {
  const [first] = covered
  if (!first) return undefined
  const addresses = new Set(covered.map(({ address }) => address)).size
  return {
    tone: 'warning',
    title:
      addresses === 1
        ? `${first.address} is still banned`
        : `${formatNumber(addresses)} addresses are still banned`,
    text:
      bans.length === 1
        ? `It is ${describeCover(first)}.`
        : `Covered by ${plural(bans.length, 'other ban')}: ${describeList(bans)}.`,
  }
}

/** Returns the first three bans as text. */
const describeList = (bans: readonly Pick<Ban, 'address' | 'jail'>[]) =>
  `${bans
    .slice(0, 3)
    .map(({ address, jail }) => `${address} in ${jail}`)
    .join(', ')}${bans.length > 3 ? '…' : ''}`

const nameOf = (bans: readonly ChosenBan[]) =>
  bans.length === 1 && bans[0] ? bans[0].address : plural(bans.length, 'ban')

/** Returns a toast about bans that were ended. */
export function describeEnded(bans: readonly ChosenBan[], ended: EndedBans): ToastOptions {
  const { done, absent, problem, note } = ended
  if (problem !== undefined || done < bans.length)
    return {
      tone: 'warning',
      title: `${formatNumber(done)} of ${plural(bans.length, 'ban')} ended`,
      text: problem === undefined ? 'The rest was cancelled.' : describeError(problem).message,
    }
  const text = [absent > 0 && `${plural(absent, 'ban')} had already ended.`, note].filter(Boolean).join(' ')
  const tone = note === undefined ? 'ok' : 'warning'
  return { tone, title: `${nameOf(bans)} unbanned`, ...(text !== '' && { text }) }
}

/** Returns a sentence about bans of fail2ban that a shorter ban of the same addresses does not shorten. */
export const describeKeptEnds = (count: number): string =>
  count === 1
    ? 'fail2ban made 1 of these bans, which keeps its later end. “Change…” on the page of the address shortens it.'
    : `fail2ban made ${formatNumber(count)} of these bans, which keep their later ends. “Change…” on the page of an address shortens a ban.`

/** Returns a toast about addresses that were banned. */
export function describeResult(result: BanResult): ToastOptions {
  const parts = [
    result.already > 0 && `${formatNumber(result.already)} already banned`,
    result.covered && `${plural(result.covered.count, 'was', 'were')} already covered by another ban`,
    result.refused.length > 0 && `${formatNumber(result.refused.length)} refused`,
  ].filter((part) => typeof part === 'string')
  const kept = result.keepsEnd === undefined ? undefined : describeKeptEnds(result.keepsEnd)
  const text = [parts.length > 0 && `${parts.join(', ')}.`, kept, result.note].filter(Boolean).join(' ')
  const isWell = result.banned > 0 || result.refused.length === 0
  return {
    tone: isWell && result.note === undefined ? 'ok' : 'warning',
    title: `${plural(result.banned, 'address', 'addresses')} banned in ${result.jail}`,
    ...(text !== '' && { text }),
  }
}

import type { Ban, BanInput, BanResult, CoveredAddress } from '@bangui/shared'
import { useQueryClient } from '@tanstack/solid-query'
import { describeError } from '../../api/errors.ts'
import { useStatsApi } from '../../api/stats-api.ts'
import { formatNumber, plural } from '../../lib/format.ts'
import { createOperationId } from '../../lib/operation-id.ts'
import { toast, type ToastOptions } from '../../ui/toast.tsx'
import { banKey } from './ban-view.ts'
import { describeCover, isHolder } from './cover-words.ts'
import { type EndedBans, endBans } from './end-bans.ts'
import { banQueries } from './queries.ts'
import type { ChosenBan } from './selection.ts'
import { showFailure } from './show-failure.ts'
import { describeUndone, undoUnbans } from './undo-unbans.ts'

type BanRequest = Omit<BanInput, 'force' | 'operationId'> & { force?: boolean }

/** How long the log of fail2ban may take to tell what it did, in milliseconds. */
const LOG_DELAY = 1_000

/** Bans and unbans, says what was done, and offers to undo it for ten seconds. */
export function useBanActions() {
  const api = useStatsApi()
  const client = useQueryClient()
  const readAgain = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: banQueries.all }),
      client.invalidateQueries({ queryKey: ['addresses'] }),
    ])
  const refresh = async () => {
    await readAgain()
    // what fail2ban did comes back by its log, a moment after its answer
    setTimeout(() => void readAgain(), LOG_DELAY)
  }

  /** Puts back, as they were, the bans that these unbans ended. */
  const putBack = async (operations: readonly string[], bans: readonly ChosenBan[]) => {
    const left = [...operations]
    try {
      const results = await undoUnbans(api, left)
      toast(describeUndone(bans, results))
    } catch (error) {
      showFailure('Not banned again', error, () => void putBack(left, bans))
    } finally {
      await refresh()
    }
  }

  /** Ends these bans, each in its jail; true when all of it was done. */
  const unban = async (bans: readonly ChosenBan[], isUndo = false): Promise<boolean> => {
    if (bans.length === 0) return true
    const ended = await endBans(api, bans)
    const isDone = ended.problem === undefined && ended.done >= bans.length
    const undo = () => void putBack(ended.operations, ended.touched)
    if (ended.touched.length === 0) showFailure('Not unbanned', ended.problem, () => void unban(bans, isUndo))
    else
      toast({
        ...describeEnded(bans, ended),
        ...(!isUndo && { action: { label: 'Undo', onSelect: undo } }),
      })
    if (!isUndo) sayCovered(ended.covered)
    await refresh()
    return isDone
  }

  /** Says what still bans addresses that were unbanned, and offers to end that as well. */
  const sayCovered = (covered: readonly CoveredAddress[]): void => {
    const [first] = covered
    if (!first) return
    const bans = [...new Map(covered.map(({ by }) => [banKey(by), by])).values()]
    const addresses = new Set(covered.map(({ address }) => address)).size
    const one = first.by.address === first.address ? `Unban in ${first.by.jail}` : 'Unban the network'
    const label = bans.length === 1 ? one : 'Unban these as well'
    toast({
      tone: 'warning',
      title:
        addresses === 1 ? `${first.address} is still banned` : `${formatNumber(addresses)} are still banned`,
      text:
        bans.length === 1
          ? `It is ${describeCover(first)}.`
          : `${plural(bans.length, 'other ban')} cover this: ${describeList(bans)}.`,
      action: { label, onSelect: () => void unban(bans) },
    })
  }

  /** Ends whatever bans an address has of its own, in every jail. */
  const unbanEverywhere = async (address: string): Promise<boolean> => {
    try {
      const { active } = await api.history.address.query({ address })
      const own = active.filter((ban) => !isHolder(ban, address))
      if (own.length > 0) return await unban(own)
      if (active.length > 0) sayCovered(active.map((by) => ({ address, by })))
      else toast({ title: `${address} is not banned` })
      return true
    } catch (error) {
      showFailure('Not unbanned', error, () => void unbanEverywhere(address))
      return false
    }
  }

  /** Ends every ban of a jail, or, without one, every ban there is. */
  const unbanAll = async (jail?: string): Promise<boolean> => {
    try {
      const { unbanned, note } = await api.bans.unban.mutate({
        addresses: [],
        all: true,
        operationId: createOperationId(),
        ...(jail !== undefined && { jail }),
      })
      const title = `${plural(unbanned, 'ban')} ended`
      toast(note === undefined ? { tone: 'ok', title } : { tone: 'warning', title, text: note })
      return true
    } catch (error) {
      showFailure('Not unbanned', error, () => void unbanAll(jail))
      return false
    } finally {
      await refresh()
    }
  }

  /** Bans; throws what the server refuses with, for the form to show. `undo`: the addresses that were not banned before. */
  const ban = async (request: BanRequest, undo?: readonly string[]): Promise<BanResult> => {
    try {
      const result = await api.bans.ban.mutate({ ...request, operationId: createOperationId() })
      const refused = new Set(result.refused.map((each) => each.address))
      const added = undo?.filter((address) => !refused.has(address)) ?? []
      const takeBack = () =>
        void unban(
          added.map((address) => ({ address, jail: result.jail, until: null })),
          true,
        )
      toast({
        ...describeResult(result),
        ...(added.length > 0 && { action: { label: 'Undo', onSelect: takeBack } }),
      })
      return result
    } finally {
      await refresh()
    }
  }

  return { ban, unban, unbanAll, unbanEverywhere }
}

/** The first of some bans, in words. */
const describeList = (bans: readonly Pick<Ban, 'address' | 'jail'>[]) =>
  `${bans
    .slice(0, 3)
    .map(({ address, jail }) => `${address} in ${jail}`)
    .join(', ')}${bans.length > 3 ? '…' : ''}`

const nameOf = (bans: readonly ChosenBan[]) =>
  bans.length === 1 && bans[0] ? bans[0].address : plural(bans.length, 'ban')

function describeEnded(bans: readonly ChosenBan[], ended: EndedBans): ToastOptions {
  const { done, absent, problem, note } = ended
  if (problem !== undefined || done < bans.length)
    return {
      tone: 'warning',
      title: `${formatNumber(done)} of ${plural(bans.length, 'ban')} ended`,
      text: problem === undefined ? 'The rest was cancelled.' : describeError(problem).message,
    }
  const gone = absent === 1 ? 'One was no longer banned.' : `${formatNumber(absent)} were no longer banned.`
  const text = [absent > 0 && gone, note].filter(Boolean).join(' ')
  const tone = note === undefined ? 'ok' : 'warning'
  return { tone, title: `${nameOf(bans)} unbanned`, ...(text !== '' && { text }) }
}

function describeResult(result: BanResult): ToastOptions {
  const parts = [
    result.already > 0 && `${formatNumber(result.already)} already banned`,
    result.covered &&
      `${formatNumber(result.covered.count)} ${result.covered.count === 1 ? 'was' : 'were'} covered by another ban already`,
    result.refused.length > 0 && `${formatNumber(result.refused.length)} refused`,
  ].filter((part) => typeof part === 'string')
  const text = [parts.length > 0 && `${parts.join(', ')}.`, result.note].filter(Boolean).join(' ')
  const isWell = result.banned > 0 || result.refused.length === 0
  return {
    tone: isWell && result.note === undefined ? 'ok' : 'warning',
    title: `${plural(result.banned, 'address', 'addresses')} banned in ${result.jail}`,
    ...(text !== '' && { text }),
  }
}

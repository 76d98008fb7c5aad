import type { BanInput, BanResult, CoveredAddress, UpdateBanInput } from '@bangui/shared'
import { useQueryClient } from '@tanstack/solid-query'
import { describeError } from '../api/errors.ts'
import { type StatsApi, useStatsApi } from '../api/stats-api.ts'
import { formatExact, plural } from '../lib/format.ts'
import { createOperationId } from '../lib/operation-id.ts'
import { toast } from '../ui/toast.tsx'
import { banKey } from './ban-view.ts'
import { describeEnded, describeResult, describeStillBanned } from './ban-toasts.ts'
import { isHolder } from './cover-words.ts'
import { endBans } from './end-bans.ts'
import { banQueries } from './queries.ts'
import { type ChosenBan, withExtensions } from './selection.ts'
import { showFailure } from './show-failure.ts'
import { describeUndone, describeUndoneBan, undoUnbans } from './undo-unbans.ts'

type BanRequest = Omit<BanInput, 'force' | 'operationId'> & { force?: boolean }

/** How long fail2ban's log can lag behind its reply. */
const LOG_DELAY_MS = 1_000

/** Returns functions that ban and unban, show a toast about the outcome, and offer to undo it for ten seconds. */
export function useBanActions() {
  const api = useStatsApi()
  const refresh = useRefresh()
  const { unban, showCovered } = createUnban(api, refresh)

  /** Ends every ban that an address itself has, in every jail. */
  const unbanEverywhere = async (address: string): Promise<boolean> => {
    try {
      const { active } = await api.history.address.query({ address })
      const own = active.filter((ban) => !isHolder(ban, address))
      if (own.length > 0) return await unban(own)
      if (active.length > 0) showCovered(active.map((by) => ({ address, by })))
      else toast({ title: `${address} is not banned` })
      return true
    } catch (error) {
      showFailure('Could not unban the address', error, () => void unbanEverywhere(address))
      return false
    }
  }

  /** Ends every ban of a jail, or of all jails. */
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
      showFailure('Could not unban all addresses', error, () => void unbanAll(jail))
      return false
    } finally {
      await refresh()
    }
  }

  const undoBan = async (id: string): Promise<void> => {
    try {
      toast(describeUndoneBan(await api.operations.undo.mutate({ id })))
    } catch (error) {
      if (describeError(error).reason === 'undo_none')
        toast({ title: 'Nothing to undo', text: 'These bans have ended or have been changed since.' })
      else showFailure('Could not undo the ban', error, () => void undoBan(id))
    } finally {
      await refresh()
    }
  }

  /** Bans addresses; rejects with the server's error, for the form to show. */
  const ban = async (request: BanRequest): Promise<BanResult> => {
    const operationId = createOperationId()
    try {
      const result = await api.bans.ban.mutate({ ...request, operationId })
      const hasChanged = result.banned > 0 || (result.already > 0 && request.duration !== undefined)
      toast({
        ...describeResult(result),
        ...(hasChanged && { action: { label: 'Undo', onSelect: () => void undoBan(operationId) } }),
      })
      return result
    } finally {
      await refresh()
    }
  }

  /** Changes the end or the reason of a ban; rejects with the server's error, for the dialog to show. */
  const update = async (change: Omit<UpdateBanInput, 'operationId'>): Promise<void> => {
    const operationId = createOperationId()
    try {
      const { until, note } = await api.bans.update.mutate({ ...change, operationId })
      const ends = until === null ? 'It is banned permanently.' : `It is banned until ${formatExact(until)}.`
      toast({
        tone: note === undefined ? 'ok' : 'warning',
        title: `The ban of ${change.address} was changed`,
        text: note ?? ends,
        action: { label: 'Undo', onSelect: () => void undoBan(operationId) },
      })
    } finally {
      await refresh()
    }
  }

  return { ban, update, unban, unbanAll, unbanEverywhere }
}

/** Returns a function that fetches again what bans change. */
function useRefresh(): () => Promise<void> {
  const client = useQueryClient()
  const readAgain = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: banQueries.all }),
      client.invalidateQueries({ queryKey: ['addresses'] }),
    ])
  return async () => {
    await readAgain()
    // the log shows what fail2ban did a moment after its reply
    setTimeout(() => void readAgain(), LOG_DELAY_MS)
  }
}

function createUnban(api: StatsApi, refresh: () => Promise<void>) {
  /** Restores the bans that these unbans ended. */
  const putBack = async (operations: readonly string[], bans: readonly ChosenBan[]) => {
    const left = [...operations]
    try {
      const results = await undoUnbans(api, left)
      toast(describeUndone(bans, results))
    } catch (error) {
      showFailure('Could not ban again', error, () => void putBack(left, bans))
    } finally {
      await refresh()
    }
  }

  /** Ends these bans, each in its jail. Returns whether all of them ended. */
  const unban = async (chosen: readonly ChosenBan[]): Promise<boolean> => {
    const bans = withExtensions(chosen)
    if (bans.length === 0) return true
    const ended = await endBans(api, bans)
    const isDone = ended.problem === undefined && ended.done >= bans.length
    const undo = () => void putBack(ended.operations, ended.touched)
    if (ended.touched.length === 0) showFailure('Could not unban', ended.problem, () => void unban(bans))
    else
      toast({
        ...describeEnded(bans, ended),
        action: { label: 'Undo', onSelect: undo },
      })
    showCovered(ended.covered)
    await refresh()
    return isDone
  }

  /** Shows which other bans still cover unbanned addresses, and offers to end them as well. */
  const showCovered = (covered: readonly CoveredAddress[]): void => {
    const bans = [...new Map(covered.map(({ by }) => [banKey(by), by])).values()]
    const options = describeStillBanned(covered, bans)
    const [first] = covered
    if (!options || !first) return
    const one = first.by.address === first.address ? `Unban in ${first.by.jail}` : 'Unban the network'
    const label = bans.length === 1 ? one : 'Unban these as well'
    toast({ ...options, action: { label, onSelect: () => void unban(bans) } })
  }

  return { unban, showCovered }
}

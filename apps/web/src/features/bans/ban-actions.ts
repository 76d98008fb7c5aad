import type { BanInput, BanResult } from '@bangui/shared'
import { useQueryClient } from '@tanstack/solid-query'
import { describeError } from '../../api/errors.ts'
import { useWatchingApi } from '../../api/watching-api.ts'
import { formatNumber, plural } from '../../lib/format.ts'
import { createOperationId } from '../../lib/operation-id.ts'
import { toast } from '../../ui/toast.tsx'
import { banAgainRequests } from './ban-again.ts'
import { banQueries } from './queries.ts'
import { byJail, type ChosenBan } from './selection.ts'

type BanRequest = Omit<BanInput, 'force' | 'operationId'> & { force?: boolean }

/** More than this is long work: it has an undo only while it is worth a request or two. */
const MAX_UNDO = 5_000

/** How long the log of fail2ban may take to tell what it did, in milliseconds. */
const LOG_DELAY = 1_000

/** Bans and unbans, says what was done, and offers to undo it for ten seconds. */
export function useBanActions() {
  const api = useWatchingApi()
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
  const failed = (title: string, error: unknown) =>
    toast({ tone: 'danger', title, text: describeError(error).message, duration: 10_000 })

  /** Puts bans back for the time that they had left. */
  const banAgain = async (bans: readonly ChosenBan[]) => {
    try {
      let refused = 0
      for (const request of banAgainRequests(bans, Date.now())) {
        const input = { ...request, force: true, operationId: createOperationId() }
        refused += (await api.bans.ban.mutate(input)).refused.length
      }
      if (refused > 0)
        failed(`${plural(refused, 'address', 'addresses')} could not be banned again`, undefined)
      else toast({ tone: 'ok', title: `${nameOf(bans)} banned again` })
    } catch (error) {
      failed('Not banned again', error)
    } finally {
      await refresh()
    }
  }

  const unbanIn = async (jail: string, bans: readonly ChosenBan[]) => {
    const addresses = bans.map((ban) => ban.address)
    return api.bans.unban.mutate({ jail, addresses, operationId: createOperationId() })
  }

  /** Ends these bans, each in its jail; true when it was done. */
  const unban = async (bans: readonly ChosenBan[], isUndo = false): Promise<boolean> => {
    const done: ChosenBan[] = []
    let absent = 0
    try {
      for (const [jail, group] of byJail(bans)) {
        absent += (await unbanIn(jail, group)).absent
        done.push(...group)
      }
      toast({
        tone: 'ok',
        title: `${nameOf(bans)} unbanned`,
        ...(absent > 0 && {
          text:
            absent === 1
              ? 'One was not banned any more.'
              : `${formatNumber(absent)} were not banned any more.`,
        }),
        ...(bans.length <= MAX_UNDO &&
          !isUndo && {
            action: { label: 'Undo', onSelect: () => void banAgain(done) },
          }),
      })
      return true
    } catch (error) {
      failed('Not unbanned', error)
      return false
    } finally {
      await refresh()
    }
  }

  /** Ends whatever bans an address has, in every jail. */
  const unbanEverywhere = async (address: string): Promise<boolean> => {
    try {
      const { rows } = await api.bans.list.query({ search: address, limit: 500 })
      const bans = rows.filter((row) => row.address === address)
      if (bans.length > 0) return await unban(bans)
      toast({ title: `${address} is not banned` })
      return true
    } catch (error) {
      failed('Not unbanned', error)
      return false
    }
  }

  /** Ends every ban of a jail, or, without one, every ban there is. */
  const unbanAll = async (jail?: string): Promise<boolean> => {
    try {
      const { unbanned } = await api.bans.unban.mutate({
        addresses: [],
        all: true,
        operationId: createOperationId(),
        ...(jail !== undefined && { jail }),
      })
      toast({ tone: 'ok', title: `${plural(unbanned, 'ban')} ended` })
      return true
    } catch (error) {
      failed('Not unbanned', error)
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
      const added = undo?.filter((address) => !refused.has(address))
      toast({
        ...describeResult(result),
        ...(added &&
          added.length > 0 && {
            action: {
              label: 'Undo',
              onSelect: () =>
                void unban(
                  added.map((address) => ({ address, jail: result.jail, until: null })),
                  true,
                ),
            },
          }),
      })
      return result
    } finally {
      await refresh()
    }
  }

  return { ban, unban, unbanAll, unbanEverywhere }
}

const nameOf = (bans: readonly ChosenBan[]) =>
  bans.length === 1 && bans[0] ? bans[0].address : plural(bans.length, 'ban')

function describeResult(result: BanResult) {
  const parts = [
    result.already > 0 && `${formatNumber(result.already)} already banned`,
    result.refused.length > 0 && `${formatNumber(result.refused.length)} refused`,
  ].filter((part) => part !== false)
  return {
    tone: result.banned > 0 || result.refused.length === 0 ? ('ok' as const) : ('warning' as const),
    title: `${plural(result.banned, 'address', 'addresses')} banned in ${result.jail}`,
    ...(parts.length > 0 && { text: `${parts.join(', ')}.` }),
  }
}

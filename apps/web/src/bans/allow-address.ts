import { useQueryClient } from '@tanstack/solid-query'
import { describeError } from '../api/errors.ts'
import { useStatsApi } from '../api/stats-api.ts'
import { toast } from '../ui/toast.tsx'
import { endBans } from './end-bans.ts'
import type { ChosenBan } from './selection.ts'
import { showFailure } from './show-failure.ts'
import { undoUnbans } from './undo-unbans.ts'

export type Allowing = {
  address: string
  jail: string
  /** the active ban there, which is ended */
  ban: ChosenBan | undefined
}

/** Returns a function that adds an address to a jail's ignore list, shows a toast, and offers to undo it for ten seconds. */
export function useAllow() {
  const api = useStatsApi()
  const client = useQueryClient()
  const refresh = () =>
    Promise.all(['bans', 'addresses', 'jails'].map((key) => client.invalidateQueries({ queryKey: [key] })))

  const takeBack = async (allowed: Allowing, operations: string[]): Promise<void> => {
    const { address, jail } = allowed
    try {
      await api.jails.update.mutate({ name: jail, removeIgnored: [address] })
      await undoUnbans(api, operations)
      toast({ tone: 'ok', title: `${address} removed from ${jail}’s ignore list` })
    } catch (error) {
      showFailure(`${jail} still ignores ${address}`, error, () => void takeBack(allowed, operations))
    } finally {
      await refresh()
    }
  }

  const allow = async (allowed: Allowing, insist: { force?: boolean } = {}): Promise<void> => {
    const { address, jail, ban } = allowed
    try {
      await api.jails.update.mutate({ name: jail, addIgnored: [address], ...insist })
      const { problem, done, absent, operations } = await endBans(api, ban ? [ban] : [])
      const ended = done > absent ? 'Its ban there has ended. ' : ''
      toast({
        tone: problem === undefined ? 'ok' : 'warning',
        title: `${address} added to ${jail}’s ignore list`,
        text:
          problem === undefined
            ? `${ended}Lasts until ${jail} reloads. To keep it, make it permanent on the jail’s page.`
            : `It is still banned: ${describeError(problem).message}`,
        action: { label: 'Undo', onSelect: () => void takeBack(allowed, [...operations]) },
      })
    } catch (error) {
      const { reason, message } = describeError(error)
      const title = `${jail} does not ignore ${address}`
      if (reason === 'ignore_too_wide') offerForce(title, message, () => void allow(allowed, { force: true }))
      else showFailure(title, error, () => void allow(allowed, insist))
    } finally {
      await refresh()
    }
  }
  return allow
}

/** Says why a network is not ignored, and offers to ignore it anyway. */
function offerForce(title: string, text: string, insist: () => void): void {
  const action = { label: 'Ignore it anyway', onSelect: insist }
  toast({ tone: 'warning', title, text, duration: 15_000, action })
}

import { createSignal } from 'solid-js'
import { describeError } from '../api/errors.ts'
import { useBanActions } from './ban-actions.ts'
import { endOf } from './ban-end.ts'
import type { ChangeableBan } from './changeable-ban.ts'
import { dateProblem, fromDateField, toDateField } from './end-choice.ts'

export type End = 'same' | 'date' | 'never'

const DAY_MS = 86_400_000

/** The content of the dialog that changes a ban, and its request. */
export function createBanChange(ban: ChangeableBan, close: () => void) {
  const actions = useBanActions()
  const [end, setEnd] = createSignal<End>('same')
  const [date, setDate] = createSignal(toDateField(endOf(ban) ?? Date.now() + DAY_MS))
  const [reason, setReason] = createSignal(ban.reason ?? '')
  const [busy, setBusy] = createSignal(false)
  const [problem, setProblem] = createSignal<ReturnType<typeof describeError>>()
  const isReasonNew = () => reason().trim() !== (ban.reason ?? '')
  const wrongDate = () => (end() === 'date' ? dateProblem(date(), Date.now()) : undefined)
  const input = () => {
    const until = end() === 'never' ? null : end() === 'date' ? fromDateField(date()) : undefined
    return { ...(until !== undefined && { until }), ...(isReasonNew() && { reason: reason().trim() }) }
  }
  const isLonger = () => {
    const { until } = input()
    const now = endOf(ban)
    if (until === undefined || now === null || wrongDate() !== undefined) return false
    return until === null || until > now
  }
  return {
    end,
    /** the chosen end is later than the one that the ban has */
    isLonger,
    setEnd,
    date,
    setDate,
    wrongDate,
    reason,
    setReason: (text: string) => setReason(text.slice(0, 200)),
    busy,
    problem,
    forgetProblem: () => setProblem(undefined),
    canSend: () => Object.keys(input()).length > 0 && wrongDate() === undefined,
    endAfter: (milliseconds: number) => {
      setEnd('date')
      setDate(toDateField(Date.now() + milliseconds))
    },
    async send() {
      setBusy(true)
      setProblem(undefined)
      try {
        await actions.update({ address: ban.address, jail: ban.jail, ...input() })
        close()
      } catch (error) {
        setProblem(describeError(error))
      } finally {
        setBusy(false)
      }
    },
  }
}

export type BanChange = ReturnType<typeof createBanChange>

import { MANUAL_JAIL, parseDuration, PERMANENT } from '@bangui/shared'
import { createSignal } from 'solid-js'
import { formatNumber } from '../lib/format.ts'
import { MAX_ADDRESSES, parseList } from '../lib/parse-list.ts'
import { lastUsedJail } from './ban-dialog-state.ts'
import { dateProblem, fromDateField } from './end-choice.ts'
import { type BanDialogRequest, type BanDraft, durationUnits } from './ban-draft.ts'

const WRONG_AMOUNT = 'Enter a number above 0; the maximum is 100 years.'

/** The content of the ban form, and the request that it makes. */
export function createBanForm(request: BanDialogRequest, jails: () => readonly string[]) {
  const first = draftOf(request)
  const [chosenJail, setJail] = createSignal(first.jail)
  const [text, setText] = createSignal(first.text)
  const [lasting, setLasting] = createSignal(first.lasting)
  const [amount, setAmount] = createSignal(first.amount)
  const [unit, setUnit] = createSignal(first.unit)
  const [date, setDate] = createSignal(first.date)
  const [reason, setReason] = createSignal(first.reason)
  const [force, setForce] = createSignal(false)

  // bans in the jail for manual bans are permanent: it is never chosen by default
  const usualJail = () => {
    const usual = jails().filter((name) => name !== MANUAL_JAIL)
    const wanted = [...(request.likely ?? []), lastUsedJail()].find((name) => name && usual.includes(name))
    return wanted ?? usual[0] ?? jails()[0] ?? ''
  }
  const jail = () => chosenJail() ?? usualJail()
  const addresses = () => parseList(text())
  const seconds = (): number | undefined => {
    const count = Number(amount())
    if (!/^\d+(\.\d+)?$/.test(amount().trim()) || count <= 0) return undefined
    // less than half a second rounds to 0
    return parseDuration(Math.round(count * durationUnits[unit()])) || undefined
  }
  const amountProblem = () => (lasting() === 'time' && seconds() === undefined ? WRONG_AMOUNT : undefined)
  const lengthOf = { jail: () => undefined, date: () => undefined, time: seconds, permanent: () => PERMANENT }
  const dateError = () => (lasting() === 'date' ? dateProblem(date(), Date.now()) : undefined)
  /** Returns why the form cannot be sent yet. */
  const problem = () => {
    const count = addresses().length
    if (count > MAX_ADDRESSES)
      return `${formatNumber(count)} entries; the limit is ${formatNumber(MAX_ADDRESSES)} at once`
    if (count === 0) return 'Enter at least one address'
    if (jail() === '') return 'No jail is running'
    return amountProblem() ?? dateError()
  }

  /** Returns the input of the request; undefined while something is missing. */
  const input = () => {
    const lasts = lengthOf[lasting()]()
    if (problem() !== undefined) return undefined
    return {
      jail: jail(),
      addresses: addresses(),
      force: force(),
      ...(lasts !== undefined && { duration: lasts }),
      ...(lasting() === 'date' && { until: fromDateField(date()) }),
      ...(reason().trim() !== '' && { reason: reason().trim() }),
    }
  }
  const draft = (): BanDraft => ({
    text: text(),
    // the jail on screen, even if it is only the default
    jail: jail() || undefined,
    lasting: lasting(),
    amount: amount(),
    unit: unit(),
    date: date(),
    reason: reason(),
  })
  return {
    jail,
    setJail,
    text,
    setText,
    lasting,
    setLasting,
    amount,
    setAmount,
    amountProblem,
    unit,
    setUnit,
    date,
    setDate,
    dateProblem: dateError,
    reason,
    setReason,
    force,
    setForce,
    problem,
    input,
    draft,
    /** something was typed that a newly opened dialog would not contain */
    isTyped: () => text().trim() !== '' && text() !== draftOf({ ...request, draft: undefined }).text,
  }
}

export type BanForm = ReturnType<typeof createBanForm>

const draftOf = ({ addresses = [], jail, draft }: BanDialogRequest): BanDraft =>
  draft ?? {
    text: addresses.join('\n'),
    jail,
    lasting: 'jail',
    amount: '1',
    unit: 'days',
    date: '',
    reason: '',
  }

import { createSignal } from 'solid-js'
import type { BanDialogRequest } from './ban-dialog-state.ts'
import { parseList } from './parse-list.ts'

export type Lasting = 'jail' | 'time' | 'permanent'

/** Seconds of the units that a time can be given in. */
export const durationUnits = { minutes: 60, hours: 3600, days: 86_400, weeks: 604_800 } as const

export type DurationUnit = keyof typeof durationUnits

/** The longest that a ban lasts without being permanent, in seconds. */
const LONGEST = 3_155_760_000

/** The jail that holds bans longer than a jail's own. */
const MANUAL_JAIL = 'bangui'

/** What is filled in to ban addresses, and the input that it makes. */
export function createBanForm(request: BanDialogRequest, jails: () => readonly string[]) {
  const [chosenJail, setJail] = createSignal(request.jail)
  const [text, setText] = createSignal((request.addresses ?? []).join('\n'))
  const [lasting, setLasting] = createSignal<Lasting>('jail')
  const [amount, setAmount] = createSignal('1')
  const [unit, setUnit] = createSignal<DurationUnit>('days')
  const [reason, setReason] = createSignal('')
  const [force, setForce] = createSignal(false)

  // what is banned in the jail for bans by hand is banned for good: never without being asked for
  const jail = () => chosenJail() ?? jails().find((name) => name !== MANUAL_JAIL) ?? jails()[0] ?? ''
  const addresses = () => parseList(text())
  const seconds = (): number | undefined => {
    const count = Number(amount())
    if (!/^\d+(\.\d+)?$/.test(amount().trim()) || count <= 0) return undefined
    const whole = Math.round(count * durationUnits[unit()])
    return whole >= 1 && whole <= LONGEST ? whole : undefined
  }
  const amountProblem = () =>
    lasting() === 'time' && seconds() === undefined
      ? 'Give a number above 0, of 100 years at most.'
      : undefined
  const duration = () => (lasting() === 'permanent' ? -1 : lasting() === 'time' ? seconds() : undefined)

  /** What the server is asked to do; undefined while something is missing. */
  const input = () => {
    const list = addresses()
    const lasts = duration()
    if (jail() === '' || list.length === 0 || amountProblem() !== undefined) return undefined
    return {
      jail: jail(),
      addresses: list,
      force: force(),
      ...(lasts !== undefined && { duration: lasts }),
      ...(reason().trim() !== '' && { reason: reason().trim() }),
    }
  }
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
    reason,
    setReason,
    force,
    setForce,
    input,
  }
}

export type BanForm = ReturnType<typeof createBanForm>

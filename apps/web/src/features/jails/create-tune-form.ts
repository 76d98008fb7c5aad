import type { JailTuningNow } from '@bangui/shared'
import { formatDuration, parseDuration } from '@bangui/shared'
import { createSignal } from 'solid-js'
import { parseList } from '../bans/parse-list.ts'

export type TuneField = 'bantime' | 'findtime' | 'maxretry'

const timeProblem = 'Use fail2ban’s own form, such as 10m, 1d 12h or 3600.'

/** What a jail is tuned to: starts as it is now, and gives only what was changed. */
export function createTuneForm(now: JailTuningNow) {
  const before: Record<TuneField, string> = {
    bantime: now.bantime === undefined ? '' : formatDuration(now.bantime),
    findtime: now.findtime === undefined ? '' : formatDuration(now.findtime),
    maxretry: now.maxretry === undefined ? '' : String(now.maxretry),
  }
  const [values, setValues] = createSignal(before)
  const [ignored, setIgnored] = createSignal(now.ignored.join('\n'))
  const set = (field: TuneField, value: string) => setValues({ ...values(), [field]: value })
  const isChanged = (field: TuneField) => values()[field].trim() !== before[field]

  const problem = (field: TuneField): string | undefined => {
    if (!isChanged(field)) return undefined
    const text = values()[field].trim()
    if (field === 'maxretry') return /^[1-9]\d{0,5}$/.test(text) ? undefined : 'Give a whole number above 0.'
    const seconds = parseDuration(text)
    if (seconds === undefined || seconds === 0) return timeProblem
    return field === 'findtime' && seconds < 0 ? 'It cannot be permanent.' : undefined
  }
  const changes = () => {
    const list = parseList(ignored())
    const added = list.filter((address) => !now.ignored.includes(address))
    const removed = now.ignored.filter((address) => !list.includes(address))
    return {
      ...(isChanged('bantime') && { bantime: values().bantime.trim() }),
      ...(isChanged('findtime') && { findtime: values().findtime.trim() }),
      ...(isChanged('maxretry') && { maxretry: Number(values().maxretry) }),
      ...(added.length > 0 && { addIgnored: added }),
      ...(removed.length > 0 && { removeIgnored: removed }),
    }
  }
  const hasProblem = () => (['bantime', 'findtime', 'maxretry'] as const).some((field) => problem(field))
  const reset = () => {
    setValues(before)
    setIgnored(now.ignored.join('\n'))
  }
  return { values, set, ignored, setIgnored, problem, hasProblem, changes, reset }
}

export type TuneForm = ReturnType<typeof createTuneForm>

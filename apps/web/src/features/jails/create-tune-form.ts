import type { JailTuningNow } from '@bangui/shared'
import { formatDuration, parseDuration } from '@bangui/shared'
import { createSignal } from 'solid-js'
import { parseList } from '../../lib/parse-list.ts'

export type TuneField = 'bantime' | 'findtime' | 'maxretry'

const fields: readonly TuneField[] = ['bantime', 'findtime', 'maxretry']

const timeProblem = 'Use a duration such as 10m, 1d 12h or 3600.'

/**
 * The form that tunes a jail. It shows the values in effect, keeps what was typed when those change meanwhile, and returns
 * only what was changed.
 */
export function createTuneForm(now: () => JailTuningNow) {
  const [typed, setTyped] = createSignal<Partial<Record<TuneField, string>>>({})
  // with the list that was edited, so that entries that others add meanwhile are not removed
  const [typedList, setTypedList] = createSignal<{ text: string; from: readonly string[] }>()

  const before = (field: TuneField): string => {
    const value = now()[field]
    if (value === undefined) return ''
    return field === 'maxretry' ? String(value) : formatDuration(value)
  }
  const value = (field: TuneField) => typed()[field] ?? before(field)
  const set = (field: TuneField, text: string) => setTyped({ ...typed(), [field]: text })
  const differs = (field: TuneField) => value(field).trim() !== before(field)
  const ignored = () => typedList()?.text ?? now().ignored.join('\n')
  const setIgnored = (text: string) => setTypedList({ text, from: typedList()?.from ?? now().ignored })

  const problem = (field: TuneField): string | undefined => {
    if (!differs(field)) return undefined
    const text = value(field).trim()
    if (field === 'maxretry') return /^[1-9]\d{0,5}$/.test(text) ? undefined : 'Enter a whole number above 0.'
    const seconds = parseDuration(text)
    if (seconds === undefined || seconds === 0) return timeProblem
    return field === 'findtime' && seconds < 0 ? 'The find time cannot be permanent.' : undefined
  }
  const changedList = () => {
    const { text, from } = typedList() ?? { text: '', from: undefined }
    if (!from) return {}
    const list = parseList(text)
    const added = list.filter((address) => !from.includes(address))
    const removed = from.filter((address) => !list.includes(address))
    return {
      ...(added.length > 0 && { addIgnored: added }),
      ...(removed.length > 0 && { removeIgnored: removed }),
    }
  }
  const changes = () => ({
    ...(differs('bantime') && { bantime: value('bantime').trim() }),
    ...(differs('findtime') && { findtime: value('findtime').trim() }),
    ...(differs('maxretry') && { maxretry: Number(value('maxretry')) }),
    ...changedList(),
  })
  const isChanged = () => Object.keys(changes()).length > 0
  const hasProblem = () => fields.some((field) => problem(field))
  const reset = () => {
    setTyped({})
    setTypedList(undefined)
  }
  return { value, set, ignored, setIgnored, problem, hasProblem, isChanged, changes, reset }
}

export type TuneForm = ReturnType<typeof createTuneForm>

import type { AddBlocklistInput, Blocklist, CatalogueList, ListFormat } from '@bangui/shared'
import { createSignal } from 'solid-js'
import { ownTimeZone } from '../../lib/time-zone.ts'

export type Place = 'catalogue' | 'address' | 'file'

type Upload = NonNullable<AddBlocklistInput['upload']>

/** What a schedule is chosen from; `cron`: fields are typed. */
export const schedules = [
  { value: '1h', label: 'Every hour' },
  { value: '6h', label: 'Every 6 hours' },
  { value: '12h', label: 'Every 12 hours' },
  { value: '24h', label: 'Every day' },
  { value: '168h', label: 'Every week' },
  { value: 'cron', label: 'At certain times (crontab)' },
  { value: '', label: 'Only when somebody starts it' },
] as const

export const formats: readonly { value: ListFormat; label: string }[] = [
  { value: 'auto', label: 'Recognise by itself' },
  { value: 'plain', label: 'One address a line' },
  { value: 'hosts', label: 'Hosts file' },
  { value: 'csv', label: 'CSV table' },
]

const isKnown = (schedule: string) => schedules.some(({ value }) => value === schedule)

/** The content of the form of a list, and the input that it makes. */
export function createListForm(list: Blocklist | undefined, usualJail: () => string) {
  const first = list?.schedule ?? (list ? '' : '24h')
  const [place, setPlace] = createSignal<Place>(list ? (list.upload ? 'file' : 'address') : 'catalogue')
  const [name, setName] = createSignal(list?.name ?? '')
  const [url, setUrl] = createSignal(list?.url ?? '')
  const [upload, setUpload] = createSignal<Upload>()
  const [chosenJail, setJail] = createSignal(list?.jail)
  const [choice, setChoice] = createSignal(isKnown(first) ? first : 'cron')
  const [cron, setCron] = createSignal(isKnown(first) ? '0 4 * * *' : first)
  const [format, setFormat] = createSignal<ListFormat>(list?.format ?? 'auto')
  const [column, setColumn] = createSignal(list?.column ? String(list.column) : '')
  const [unbanRemoved, setUnbanRemoved] = createSignal(list?.unbanRemoved ?? true)

  const jail = () => chosenJail() ?? usualJail()
  const schedule = () => (choice() === 'cron' ? cron().trim() : choice()) || null
  const take = ({ name: called, url: address, everyHours }: CatalogueList) => {
    setName(called)
    setUrl(address)
    const hours = `${everyHours}h`
    setChoice(isKnown(hours) ? hours : '24h')
  }
  const origin = () => {
    const file = upload()
    if (place() !== 'file') return url().trim() === '' ? undefined : { url: url().trim() }
    if (file) return { upload: file }
    // the file that is stored stays
    return list?.upload ? {} : undefined
  }
  /** Returns what a preview needs; undefined while something is missing. */
  const toPreview = () => {
    const from = origin()
    if (!from || jail() === '') return undefined
    const chosen = /^\d+$/.test(column()) && format() === 'csv' ? Number(column()) : null
    return {
      ...from,
      jail: jail(),
      format: format(),
      column: chosen,
      schedule: place() === 'file' ? null : schedule(),
    }
  }
  const input = () => {
    const rest = toPreview()
    if (!rest || name().trim() === '') return undefined
    return { ...rest, name: name().trim(), zone: ownTimeZone(), unbanRemoved: unbanRemoved() }
  }
  return {
    place,
    setPlace,
    name,
    setName,
    url,
    setUrl,
    upload,
    setUpload,
    jail,
    setJail,
    choice,
    setChoice,
    cron,
    setCron,
    format,
    setFormat,
    column,
    setColumn,
    unbanRemoved,
    setUnbanRemoved,
    schedule,
    take,
    toPreview,
    input,
  }
}

export type ListForm = ReturnType<typeof createListForm>

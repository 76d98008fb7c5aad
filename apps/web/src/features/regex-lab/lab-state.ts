import type { RegexTestInput } from '@bangui/shared'
import { useSearchParams } from '@solidjs/router'
import { createEffect, createSignal } from 'solid-js'
import { keepLabLines, readLabLines } from '../../lib/lab-lines.ts'

/** What is tested: a filter as it is, a filter with other regexes, regexes alone, or a jail with its own settings. */
export type Subject = 'filter' | 'edited' | 'regexes' | 'jail'

/** Everything that the form holds. */
export type LabFields = {
  subject: Subject
  filter: string
  mode: string
  jail: string
  failregex: string
  ignoreregex: string
  datepattern: string
  /** where the lines come from: `lines`, the path of a log, or `journal:` and its matches */
  source: string
  lines: string
}

export const emptyFields: LabFields = {
  subject: 'filter',
  filter: '',
  mode: '',
  jail: '',
  failregex: '',
  ignoreregex: '',
  datepattern: '',
  source: 'lines',
  lines: '',
}

const subjects: readonly Subject[] = ['filter', 'edited', 'regexes', 'jail']

/** Longer regexes are not part of the URL. */
const MAX_URL_REGEX = 1000

const shared = ['filter', 'mode', 'jail', 'source'] as const
const regexes = ['failregex', 'ignoreregex', 'datepattern'] as const

type LabParams = Partial<Record<keyof LabFields, string>>

/** Returns the fields of a URL; what is not in it is empty. */
export function readFields(params: LabParams, lines: string): LabFields {
  const subject = subjects.find((each) => each === params.subject) ?? 'filter'
  const texts = Object.fromEntries([...shared, ...regexes].map((key) => [key, params[key] ?? '']))
  return { ...emptyFields, ...texts, source: params.source || 'lines', subject, lines }
}

/** Returns the part of the fields that a URL holds: no lines, and no long regexes. */
export function writeParams(fields: LabFields): Record<keyof LabFields, string | undefined> {
  const hasRegexes = fields.subject === 'edited' || fields.subject === 'regexes'
  const isShort = regexes.every((key) => fields[key].length <= MAX_URL_REGEX)
  const keptRegex = (key: (typeof regexes)[number]) =>
    hasRegexes && isShort && fields[key] !== '' ? fields[key] : undefined
  return {
    subject: fields.subject === 'filter' ? undefined : fields.subject,
    filter: fields.filter || undefined,
    mode: fields.mode || undefined,
    jail: fields.jail || undefined,
    failregex: keptRegex('failregex'),
    ignoreregex: keptRegex('ignoreregex'),
    datepattern: keptRegex('datepattern'),
    source: fields.source === 'lines' ? undefined : fields.source,
    lines: undefined,
  }
}

/** Keeps the fields in the page's URL, and the lines in this tab, so that both survive a reload. */
export function createLabFields() {
  const [params, setParams] = useSearchParams<LabParams>()
  const [fields, setFields] = createSignal(readFields(params, readLabLines()))
  const set = (changes: Partial<LabFields>) => setFields((before) => ({ ...before, ...changes }))
  createEffect(() => {
    const now = fields()
    setParams(writeParams(now), { replace: true, scroll: false })
    keepLabLines(now.lines)
  })
  return { fields, set }
}

const splitLines = (text: string) => text.split(/\r\n|\r|\n/)
const nonEmpty = (text: string) => splitLines(text).filter((line) => line.trim() !== '')

/** Returns the input of a test; a text instead of it: what is missing. */
export function testInput(fields: LabFields): RegexTestInput | string {
  const subject = subjectInput(fields)
  if (typeof subject === 'string') return subject
  const { source } = fields
  if (source.startsWith('/')) return { ...subject, log: source }
  if (source.startsWith('journal:')) return { ...subject, journal: source.slice('journal:'.length) }
  const lines = splitLines(fields.lines)
  while (lines.length > 0 && lines.at(-1) === '') lines.pop()
  return lines.length === 0 ? 'Enter the lines to test.' : { ...subject, lines }
}

function subjectInput(fields: LabFields): Omit<RegexTestInput, 'lines' | 'log' | 'journal'> | string {
  const { subject, filter, mode, jail } = fields
  if (subject === 'jail') return jail === '' ? 'Choose a jail.' : { jail }
  const failregex = nonEmpty(fields.failregex)
  const own = {
    ...(failregex.length > 0 && { failregex }),
    ...(nonEmpty(fields.ignoreregex).length > 0 && { ignoreregex: nonEmpty(fields.ignoreregex) }),
    ...(fields.datepattern.trim() !== '' && { datepattern: fields.datepattern.trim() }),
  }
  if (subject === 'regexes') return failregex.length === 0 ? 'Enter at least one regex.' : own
  if (filter === '') return 'Choose a filter.'
  const base = { filter, ...(mode !== '' && { mode }) }
  return subject === 'edited' ? { ...base, ...own } : base
}

/** Returns the filter that a jail names, and its mode: `sshd[mode=aggressive]`; null: it names none. */
export function readReference(reference: string): { filter: string; mode: string } | null {
  const [, filter, parameters = ''] = /^([\w.-]+)(?:\[(.*)\])?$/s.exec(reference.trim()) ?? []
  if (filter === undefined) return null
  const [, mode = ''] = /(?:^|,)\s*mode\s*=\s*["']?([\w-]+)/.exec(parameters) ?? []
  return { filter, mode }
}

import type { RouterOutputs } from '@bangui/server/router'
import { createEffect, createMemo, createSignal, onCleanup } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useQuery } from '../../api/use-query.ts'
import { lineOfKey } from './complete-ini.ts'
import type { Draft } from './draft.ts'
import { createComparison, type DraftOnFiles } from './draft-comparison.ts'
import { draftWithText } from './draft-with-text.ts'
import type { EditorMessage } from './editor-messages.ts'
import { subjectOf } from './merge-drafts.ts'
import { configQueries } from './queries.ts'
import { messagesOfFile, testedMessages } from './tested-messages.ts'

/** How long somebody must not type before the text is in the draft, in milliseconds. */
const PAUSE_MS = 500

/** A text, and the subjects of the edits that it contains. */
interface Synced {
  readonly text: string
  readonly contained: ReadonlySet<string>
}

export type DraftTextOptions = {
  path: string
  /** the file on disk; undefined: there is none */
  disk: () => RouterOutputs['config']['file'] | undefined
  draft: () => Draft | undefined
}

/**
 * Returns the text of a file as the draft leaves it, and takes what somebody types into the draft: an edit by form changes the text, and
 * the text replaces the edits by form that are in it.
 */
export function createDraftText({ path, disk, draft }: DraftTextOptions) {
  const compared = createComparison(draft)
  const [typed, setTyped] = createSignal<string>()
  const onDisk = () => disk()?.text ?? ''
  const edit = () => draft()?.findFile(path)
  /** undefined: it is being worked out */
  const current = createMemo((): Synced | undefined => {
    const edits = draft()?.edits() ?? []
    if (edits.length === 0) return { text: onDisk(), contained: new Set() }
    const found = compared()
    if (found === undefined) return undefined
    const changed = found.files.find(({ file }) => file === path)
    const own = changed?.edits.flatMap((index) => found.of[index] ?? []) ?? []
    const contained = new Set(own.filter(({ kind }) => kind === 'set').map(subjectOf))
    return { text: changed ? (changed.after ?? '') : (edit()?.content ?? onDisk()), contained }
  })
  const shown = createMemo<Synced>((before) => (typed() === undefined ? (current() ?? before) : before), {
    text: onDisk(),
    contained: new Set(),
  })
  let timer: ReturnType<typeof setTimeout> | undefined
  const take = () => {
    clearTimeout(timer)
    timer = undefined
    const [content, into] = [typed(), draft()]
    if (content === undefined || into === undefined) return
    const { sha256 = null } = disk() ?? {}
    into.store.change(
      draftWithText(into.edits(), {
        file: path,
        content: withEndsOf(onDisk(), content),
        disk: { text: disk()?.text ?? null, sha256 },
        contained: shown().contained,
      }),
    )
  }
  createEffect(() => {
    // what was typed is in the draft, and the draft has the text
    if (current() !== undefined && timer === undefined) setTyped(undefined)
  })
  onCleanup(take)
  const messages = createMessages({ path, draft, compared, text: () => shown().text })
  return {
    text: () => typed() ?? shown().text,
    /** whether the draft changes the file */
    isDrafted: () => typed() !== undefined || shown().text !== onDisk(),
    edit,
    messages,
    /** Forgets what was typed and is not in the draft yet. */
    forget: () => {
      clearTimeout(timer)
      timer = undefined
      setTyped(undefined)
    },
    type: (text: string) => {
      setTyped(text)
      clearTimeout(timer)
      timer = setTimeout(take, PAUSE_MS)
    },
  }
}

type MessagesOptions = Pick<DraftTextOptions, 'path' | 'draft'> & {
  compared: () => DraftOnFiles | undefined
  text: () => string
}

/** What is wrong with a file in the draft, and what the last test has said about it, each at its line. */
function createMessages({ path, draft, compared, text }: MessagesOptions) {
  const api = useApi()
  const files = useQuery(() => configQueries.files(api))
  // of a line that has moved since, the option says where it is now
  const lineOf = (section: string | null, key: string | null) =>
    key === null ? undefined : lineOfKey(text(), section, key)
  return createMemo((): EditorMessage[] => {
    const { problems = [], edits = [] } = compared() ?? {}
    const said = messagesOfFile(testedMessages(draft()), path, files.data?.configDir)
    const known = new Set(said.map((message) => message.text))
    const found = [...problems, ...edits.flatMap(({ problem }) => problem ?? [])].filter(
      ({ file, message }) => file === path && !known.has(message),
    )
    return [
      ...found.map(({ message, section, key }) => ({
        line: lineOf(section, key) ?? 1,
        severity: 'error' as const,
        text: message,
      })),
      ...said.map((message) => ({
        line: lineOf(message.section, message.key) ?? message.line ?? 1,
        severity: message.severity,
        text: message.text,
      })),
    ]
  })
}

/** The editor knows line feeds only; a file keeps the line ends that it has. */
const withEndsOf = (before: string, text: string): string =>
  before.includes('\r\n') ? text.replaceAll(/\r?\n/g, '\r\n') : text

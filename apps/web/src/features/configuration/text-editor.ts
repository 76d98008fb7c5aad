import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { search, searchKeymap } from '@codemirror/search'
import {
  Annotation,
  EditorState,
  RangeSetBuilder,
  StateEffect,
  StateField,
  type Text,
} from '@codemirror/state'
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view'
import { showHidden } from '@bangui/shared'
import type { Vocabulary } from './complete-ini.ts'
import { suggesting } from './editor-complete.ts'
import { type EditorMessage, messageLines, showMessages } from './editor-messages.ts'
import { type LineState, startState, tokenizeLine, type TokenKind } from './tokenize-ini.ts'

export type TextEditorOptions = {
  text: string
  /** its name for screen readers */
  label: string
  /** the line to show first, from 1 */
  line: number | undefined
  /** called with the text when somebody has changed it; absent: it is only read */
  onChange?: ((text: string) => void) | undefined
  /** what is to be said about its lines */
  messages?: readonly EditorMessage[] | undefined
  /** what can be suggested while somebody types */
  vocabulary?: (() => Vocabulary | undefined) | undefined
}

export type TextEditor = {
  /** Shows a line, and marks it. */
  showLine: (line: number) => void
  /** Changes what differs from a text; the cursor stays where it is. */
  setText: (text: string) => void
  setMessages: (messages: readonly EditorMessage[]) => void
  destroy: () => void
}

const colours: Record<TokenKind, string> = {
  comment: 'var(--text-3)',
  section: 'var(--info-text)',
  key: 'var(--accent-text)',
  sign: 'var(--text-3)',
  reference: 'var(--ok-text)',
  tag: 'var(--danger-text)',
  escape: 'var(--warning-text)',
  group: 'var(--info-text)',
  mistake: 'var(--danger-text)',
}

// the custom properties of the page reach into the shadow root
const theme = EditorView.theme({
  '&': {
    color: 'var(--text)',
    backgroundColor: 'var(--surface)',
    fontSize: 'var(--text-13)',
    maxHeight: '72vh',
  },
  '&.cm-focused': { outline: '2px solid var(--focus)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55', overflow: 'auto' },
  '.cm-content': { padding: '8px 0' },
  '.cm-gutters': {
    color: 'var(--text-3)',
    backgroundColor: 'var(--sunken)',
    border: '0',
    borderInlineEnd: '1px solid var(--border)',
  },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 10px 0 14px', minWidth: '44px' },
  '.cm-activeLine': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine': { backgroundColor: 'color-mix(in oklch, var(--hover) 60%, transparent)' },
  '.cm-linked': { backgroundColor: 'var(--accent-soft)' },
  '.cm-specialChar': {
    color: 'var(--danger-text)',
    backgroundColor: 'var(--danger-soft)',
    borderRadius: '3px',
  },
  '.cm-panels': { color: 'var(--text)', backgroundColor: 'var(--sunken)', borderColor: 'var(--border)' },
  '.cm-searchMatch': { backgroundColor: 'var(--warning-soft)', outline: '1px solid var(--warning-border)' },
  '.cm-searchMatch-selected': { backgroundColor: 'var(--warning-border)' },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground': {
    backgroundColor: 'color-mix(in oklch, var(--accent) 28%, transparent)',
  },
  '.cm-cursor': { borderInlineStartColor: 'var(--text)' },
  ...Object.fromEntries(Object.entries(colours).map(([kind, color]) => [`.tok-${kind}`, { color }])),
  '.cm-message': {
    margin: '2px 8px',
    padding: '2px 8px',
    borderRadius: '4px',
    fontFamily: 'var(--sans, sans-serif)',
    fontSize: 'var(--text-12)',
    color: 'var(--warning-text)',
    backgroundColor: 'var(--warning-soft)',
  },
  '.cm-message[data-severity=error]': { color: 'var(--danger-text)', backgroundColor: 'var(--danger-soft)' },
  '.cm-tooltip': {
    border: '1px solid var(--border-strong)',
    borderRadius: 'var(--radius)',
    color: 'var(--text)',
    backgroundColor: 'var(--raised)',
    boxShadow: 'var(--shadow)',
  },
  '.cm-suggestions': {
    maxHeight: '240px',
    maxWidth: 'min(420px, 80vw)',
    margin: '0',
    padding: '4px',
    overflowY: 'auto',
    listStyle: 'none',
    fontFamily: 'var(--mono)',
    fontSize: 'var(--text-13)',
  },
  '.cm-suggestions li': { display: 'grid', padding: '2px 8px', borderRadius: '4px', cursor: 'pointer' },
  '.cm-suggestions li[aria-selected=true]': { backgroundColor: 'var(--accent-soft)' },
  '.cm-suggestions small': {
    color: 'var(--text-2)',
    fontFamily: 'var(--sans, sans-serif)',
    fontSize: 'var(--text-12)',
  },
  '.tok-section, .tok-key': { fontWeight: '600' },
  '.tok-mistake': { textDecoration: 'underline wavy' },
})

/** Shows a text with line numbers and colours in an element, which becomes the host of a shadow root. */
export function openTextEditor(host: HTMLElement, options: TextEditorOptions): TextEditor {
  // the content security policy refuses style elements: in a shadow root, the editor adopts style sheets instead
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' })
  const view = new EditorView({ root, parent: root, state: stateOf(options) })
  const showLine = (line: number) => {
    const { doc } = view.state
    if (line < 1 || line > doc.lines) return
    const { from } = doc.line(line)
    view.dispatch({
      selection: { anchor: from },
      effects: [linkLine.of(from), EditorView.scrollIntoView(from, { y: 'center' })],
    })
  }
  if (options.line !== undefined) showLine(options.line)
  return {
    showLine,
    setText: (text) => {
      const changes = differenceOf(view.state.doc.toString(), text.replaceAll('\r\n', '\n'))
      if (changes !== undefined) view.dispatch({ changes, annotations: fromOutside.of(true) })
    },
    setMessages: (messages) => showMessages(view, messages),
    destroy: () => view.destroy(),
  }
}

/** Marks a change that nobody has typed. */
const fromOutside = Annotation.define<boolean>()

/** The part of a text that differs from another one; undefined: none does. */
function differenceOf(
  before: string,
  after: string,
): { from: number; to: number; insert: string } | undefined {
  if (before === after) return undefined
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && before[start] === after[start]) start += 1
  let end = 0
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) }
}

const stateOf = ({ text, label, onChange, vocabulary }: TextEditorOptions): EditorState =>
  EditorState.create({
    doc: text,
    extensions: [
      onChange === undefined ? readOnly : editable(onChange, vocabulary),
      messageLines,
      EditorView.contentAttributes.of({
        tabindex: '0',
        role: 'textbox',
        'aria-multiline': 'true',
        'aria-readonly': String(onChange === undefined),
        'aria-label': label,
      }),
      EditorView.lineWrapping,
      lineNumbers(),
      drawSelection(),
      highlightActiveLine(),
      highlightSpecialChars({ addSpecialChars: hidden, render: renderHidden }),
      search({ top: true }),
      keymap.of([...searchKeymap, ...defaultKeymap]),
      highlighting,
      linkedLine,
      theme,
    ],
  })

const readOnly = [EditorState.readOnly.of(true), EditorView.editable.of(false)]

const editable = (onChange: (text: string) => void, vocabulary: TextEditorOptions['vocabulary']) => [
  history(),
  ...(vocabulary === undefined ? [] : suggesting(vocabulary)),
  keymap.of(historyKeymap),
  EditorView.updateListener.of(({ docChanged, state, transactions }) => {
    const isTyped = transactions.some((each) => each.docChanged && each.annotation(fromOutside) !== true)
    if (docChanged && isTyped) onChange(state.doc.toString())
  }),
]

/** What people cannot see, in addition to what the editor escapes itself. */
const hidden = /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\u007F-\u009F]/u

function renderHidden(code: number): HTMLElement {
  const mark = document.createElement('span')
  mark.className = 'cm-specialChar'
  mark.textContent = code < 0x20 ? `\\u{${code.toString(16)}}` : showHidden(String.fromCodePoint(code))
  return mark
}

const linkLine = StateEffect.define<number>()

const linkedLine = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    const effect = transaction.effects.find((each) => each.is(linkLine))
    if (effect === undefined) return marks.map(transaction.changes)
    return Decoration.set([Decoration.line({ class: 'cm-linked' }).range(effect.value)])
  },
  provide: (field) => EditorView.decorations.from(field),
})

const marks = Object.fromEntries(
  Object.keys(colours).map((kind) => [kind, Decoration.mark({ class: `tok-${kind}` })]),
) as Record<TokenKind, Decoration>

const highlighting = ViewPlugin.define(
  (view) => {
    const highlighter = createHighlighter(view)
    return {
      get decorations() {
        return highlighter.decorations
      },
      update: (update: ViewUpdate) => highlighter.update(update),
    }
  },
  { decorations: (plugin) => plugin.decorations },
)

function createHighlighter(start: EditorView) {
  let states = lineStates(start.state.doc)
  let decorations = decorate(start, states)
  return {
    get decorations() {
      return decorations
    },
    update({ docChanged, viewportChanged, view }: ViewUpdate) {
      if (docChanged) states = lineStates(view.state.doc)
      if (docChanged || viewportChanged) decorations = decorate(view, states)
    },
  }
}

/** The state before each line. */
function lineStates(doc: Text): LineState[] {
  const states: LineState[] = []
  let state = startState
  for (const line of doc.iterLines()) {
    states.push(state)
    state = tokenizeLine(line, state).next
  }
  return states
}

function decorate(
  { visibleRanges, state: { doc } }: EditorView,
  states: readonly LineState[],
): DecorationSet {
  const numbers = new Set<number>()
  for (const { from, to } of visibleRanges)
    for (let number = doc.lineAt(from).number; number <= doc.lineAt(to).number; number += 1)
      numbers.add(number)
  const builder = new RangeSetBuilder<Decoration>()
  for (const number of numbers) {
    const line = doc.line(number)
    const { tokens } = tokenizeLine(line.text, states[number - 1] ?? startState)
    for (const { from, to, kind } of tokens)
      if (to > from) builder.add(line.from + from, line.from + to, marks[kind])
  }
  return builder.finish()
}

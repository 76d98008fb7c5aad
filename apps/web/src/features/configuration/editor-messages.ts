import { type EditorState, RangeSetBuilder, StateEffect, StateField } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView, WidgetType } from '@codemirror/view'
import { showHidden } from '@bangui/shared'

/** What is to be said about a line of a text. */
export interface EditorMessage {
  /** from 1 */
  readonly line: number
  readonly severity: 'error' | 'warning'
  readonly text: string
}

class MessageWidget extends WidgetType {
  readonly #message: EditorMessage

  constructor(message: EditorMessage) {
    super()
    this.#message = message
  }

  override eq(other: MessageWidget): boolean {
    return other.#message.text === this.#message.text && other.#message.severity === this.#message.severity
  }

  toDOM(): HTMLElement {
    const element = document.createElement('div')
    element.className = 'cm-message'
    element.dataset['severity'] = this.#message.severity
    element.textContent = showHidden(this.#message.text)
    return element
  }
}

const setMessages = StateEffect.define<readonly EditorMessage[]>()

const field = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    const effect = transaction.effects.find((each) => each.is(setMessages))
    return effect === undefined ? marks.map(transaction.changes) : decorate(transaction.state, effect.value)
  },
  provide: (own) => EditorView.decorations.from(own),
})

function decorate({ doc }: EditorState, messages: readonly EditorMessage[]): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>()
  for (const message of messages.toSorted((one, other) => one.line - other.line)) {
    if (message.line < 1 || message.line > doc.lines) continue
    const { to } = doc.line(message.line)
    builder.add(to, to, Decoration.widget({ widget: new MessageWidget(message), block: true, side: 1 }))
  }
  return builder.finish()
}

/** Shows messages below the lines that they are about. */
export const messageLines = field

/** Replaces the messages of an editor. */
export const showMessages = (view: EditorView, messages: readonly EditorMessage[]): void =>
  view.dispatch({ effects: setMessages.of(messages) })

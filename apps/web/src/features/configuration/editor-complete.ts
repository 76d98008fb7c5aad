import { EditorSelection, type EditorState, Prec, StateEffect, StateField } from '@codemirror/state'
import { type Command, type EditorView, keymap, showTooltip, type Tooltip } from '@codemirror/view'
import { showHidden } from '@bangui/shared'
import { type Suggestion, suggestionsAt, type Vocabulary } from './complete-ini.ts'

interface Offer {
  /** where the word begins that a suggestion replaces */
  readonly from: number
  readonly options: readonly Suggestion[]
  readonly chosen: number
}

const setOffer = StateEffect.define<Offer | undefined>()

/** Suggests options, filters, actions and variables while somebody types, or by Ctrl and space. */
export function suggesting(vocabulary: () => Vocabulary | undefined) {
  const offerIn = (state: EditorState): Offer | undefined => {
    const known = vocabulary()
    const { main } = state.selection
    if (known === undefined || !main.empty) return undefined
    const line = state.doc.lineAt(main.head)
    // an option that a line continues is near
    const first = Math.max(1, line.number - MAX_LINES)
    const before = state.doc.sliceString(state.doc.line(first).from, main.head)
    const found = suggestionsAt(before.split('\n'), known)
    return found && { from: line.from + found.from, options: found.options, chosen: 0 }
  }
  const field = StateField.define<Offer | undefined>({
    create: () => undefined,
    update(offer, transaction) {
      for (const effect of transaction.effects) if (effect.is(setOffer)) return effect.value
      if (transaction.isUserEvent('input.type') || transaction.isUserEvent('delete'))
        return offerIn(transaction.state)
      return transaction.docChanged || transaction.selection !== undefined ? undefined : offer
    },
    provide: (own) => showTooltip.from(own, (offer) => (offer === undefined ? null : tooltipOf(offer))),
  })
  const whileOpen =
    (run: (view: EditorView, offer: Offer) => void): Command =>
    (view) => {
      const offer = view.state.field(field)
      if (offer === undefined) return false
      run(view, offer)
      return true
    }
  const move = (by: number) =>
    whileOpen((view, offer) => {
      const chosen = (offer.chosen + by + offer.options.length) % offer.options.length
      view.dispatch({ effects: setOffer.of({ ...offer, chosen }) })
    })
  const accept = whileOpen((view, offer) => apply(view, offer, offer.chosen))
  return [
    field,
    Prec.highest(
      keymap.of([
        { key: 'ArrowDown', run: move(1) },
        { key: 'ArrowUp', run: move(-1) },
        { key: 'Enter', run: accept },
        { key: 'Tab', run: accept },
        {
          key: 'Escape',
          run: whileOpen((view) => view.dispatch({ effects: setOffer.of(undefined) })),
          stopPropagation: true,
        },
        {
          key: 'Ctrl-Space',
          run: (view) => {
            view.dispatch({ effects: setOffer.of(offerIn(view.state)) })
            return true
          },
        },
      ]),
    ),
  ]
}

/** How far above a line its option may stand. */
const MAX_LINES = 200

function apply(view: EditorView, { from, options }: Offer, index: number): void {
  const text = options[index]?.text ?? ''
  view.dispatch({
    changes: { from, to: view.state.selection.main.head, insert: text },
    selection: EditorSelection.cursor(from + text.length),
    effects: setOffer.of(undefined),
    userEvent: 'input.complete',
  })
}

const tooltipOf = (offer: Offer): Tooltip => ({
  pos: offer.from,
  create: (view) => {
    const dom = document.createElement('ul')
    dom.className = 'cm-suggestions'
    dom.setAttribute('role', 'listbox')
    dom.setAttribute('aria-label', 'Suggestions')
    for (const [index, option] of offer.options.entries()) dom.append(itemOf(view, offer, { option, index }))
    return {
      dom,
      mount: () => dom.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }),
    }
  },
})

function itemOf(
  view: EditorView,
  offer: Offer,
  { option, index }: { readonly option: Suggestion; readonly index: number },
): HTMLElement {
  const item = document.createElement('li')
  item.setAttribute('role', 'option')
  item.setAttribute('aria-selected', String(index === offer.chosen))
  const name = document.createElement('span')
  name.textContent = showHidden(option.text)
  item.append(name)
  if (option.detail !== undefined) {
    const detail = document.createElement('small')
    detail.textContent = option.detail
    item.append(detail)
  }
  // the editor keeps the focus
  item.addEventListener('mousedown', (event) => {
    event.preventDefault()
    apply(view, offer, index)
  })
  return item
}

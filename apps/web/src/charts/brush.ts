import { createMemo, createSignal } from 'solid-js'

/** A range of points, by index, both ends included. */
export type Span = { readonly first: number; readonly last: number }

export type BrushOptions = {
  length: () => number
  /** called with a range that was dragged, or selected by keyboard */
  onSelect: (span: Span) => void
}

export type Brush = ReturnType<typeof createBrush>

/** A cursor over points and a range that grows from where it began, controlled by pointer or keyboard. */
export function createBrush(options: BrushOptions) {
  const [cursor, setCursor] = createSignal<number>()
  const [anchor, setAnchor] = createSignal<number>()
  const clamp = (index: number) => Math.min(Math.max(index, 0), Math.max(0, options.length() - 1))

  const span = createMemo((): Span | undefined => {
    const from = anchor()
    const to = cursor()
    if (from === undefined || to === undefined) return undefined
    return { first: Math.min(from, to), last: Math.max(from, to) }
  })
  const clear = () => {
    setCursor(undefined)
    setAnchor(undefined)
  }
  const commit = () => {
    const chosen = span()
    setAnchor(undefined)
    if (chosen) options.onSelect(chosen)
  }
  const move = (index: number, extend: boolean) => {
    setAnchor(extend ? (anchor() ?? clamp(cursor() ?? 0)) : undefined)
    setCursor(clamp(index))
  }

  return {
    cursor,
    span,
    clear,
    point: (index: number) => setCursor(clamp(index)),
    begin: (index: number) => {
      setAnchor(clamp(index))
      setCursor(clamp(index))
    },
    commit,
    cancel: () => setAnchor(undefined),
    /** Handles a key. Returns whether the key had a meaning. */
    press: (key: string, extend: boolean): boolean => {
      const at = cursor() ?? options.length() - 1
      const end = options.length() - 1
      const to = {
        ArrowLeft: at - 1,
        ArrowRight: at + 1,
        Home: 0,
        End: end,
        PageUp: at - 10,
        PageDown: at + 10,
      }[key]
      if (to !== undefined) move(to, extend)
      else if (key === 'Enter' || key === ' ') {
        if (span() === undefined) setAnchor(clamp(at))
        if (cursor() === undefined) setCursor(clamp(at))
        commit()
      } else if (key === 'Escape' && anchor() !== undefined) setAnchor(undefined)
      else return false
      return true
    },
  }
}

const CONTEXT_LINES = 3
const MAX_CELLS = 4_000_000

interface Edit {
  readonly sign: ' ' | '-' | '+'
  readonly text: string
}

/**
 * Gives the difference of two texts in unified format, three lines of context, without the names' time stamps; `before` null:
 * the file is new, `after` null: it is removed. Empty when nothing differs.
 */
export function unifiedDiff(path: string, before: string | null, after: string | null): string {
  if (before === after) return ''
  return format(path, { before, after }, compare(lines(before ?? ''), lines(after ?? '')))
}

/** Two texts of a file; null: there is no file. */
export interface TextPair {
  readonly before: string | null
  readonly after: string | null
}

/**
 * Returns the difference of two texts as {@link unifiedDiff} does, with every line as `hide` leaves it: a hidden value that differs is a
 * line that is removed and one that is added. `hide` keeps the number of lines.
 */
export function hiddenDiff(
  path: string,
  { before, after }: TextPair,
  hide: (text: string) => string,
): string {
  if (before === after) return ''
  const [old, now] = [lines(hide(before ?? '')), lines(hide(after ?? ''))]
  let oldLine = 0
  let nowLine = 0
  const edits = compare(lines(before ?? ''), lines(after ?? '')).map(({ sign }): Edit => {
    const text = (sign === '+' ? now[nowLine] : old[oldLine]) ?? ''
    if (sign !== '+') oldLine += 1
    if (sign !== '-') nowLine += 1
    return { sign, text }
  })
  return format(path, { before, after }, edits)
}

function format(path: string, { before, after }: TextPair, edits: readonly Edit[]): string {
  const head = [`--- ${before === null ? '/dev/null' : path}`, `+++ ${after === null ? '/dev/null' : path}`]
  return `${[...head, ...hunks(edits)].join('\n')}\n`
}

/** Lines with a carriage return shown, and a mark where the last one has no end. */
function lines(text: string): string[] {
  if (text === '') return []
  const all = text.split('\n')
  const last = all.pop() ?? ''
  if (last !== '') all.push(`${last}\n\\ No newline at end of file`)
  return all
}

function compare(before: readonly string[], after: readonly string[]): Edit[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1
  let end = 0
  while (
    end < before.length - start &&
    end < after.length - start &&
    before.at(-1 - end) === after.at(-1 - end)
  )
    end += 1
  const same = (list: readonly string[]) => list.map((text): Edit => ({ sign: ' ', text }))
  const middle = compareMiddle(
    before.slice(start, before.length - end),
    after.slice(start, after.length - end),
  )
  return [...same(before.slice(0, start)), ...middle, ...same(before.slice(before.length - end))]
}

/** Returns the longest common subsequence, by table; texts that are too long for a table are shown as replaced. */
function compareMiddle(before: readonly string[], after: readonly string[]): Edit[] {
  const width = after.length + 1
  if (before.length * width > MAX_CELLS) return replaced(before, after)
  const table = new Uint32Array((before.length + 1) * width)
  const at = (row: number, column: number) => table[row * width + column] ?? 0
  for (let row = before.length - 1; row >= 0; row -= 1) {
    for (let column = after.length - 1; column >= 0; column -= 1) {
      table[row * width + column] =
        before[row] === after[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1))
    }
  }
  const edits: Edit[] = []
  let row = 0
  let column = 0
  while (row < before.length && column < after.length) {
    if (before[row] === after[column]) {
      edits.push({ sign: ' ', text: before[row] ?? '' })
      row += 1
      column += 1
    } else if (at(row + 1, column) >= at(row, column + 1)) {
      edits.push({ sign: '-', text: before[row] ?? '' })
      row += 1
    } else {
      edits.push({ sign: '+', text: after[column] ?? '' })
      column += 1
    }
  }
  return [...edits, ...replaced(before.slice(row), after.slice(column))]
}

const replaced = (before: readonly string[], after: readonly string[]): Edit[] => [
  ...before.map((text): Edit => ({ sign: '-', text })),
  ...after.map((text): Edit => ({ sign: '+', text })),
]

function hunks(edits: readonly Edit[]): string[] {
  const out: string[] = []
  let index = 0
  let oldLine = 1
  let newLine = 1
  const advance = (to: number) => {
    for (; index < to; index += 1) {
      const sign = edits[index]?.sign
      if (sign !== '+') oldLine += 1
      if (sign !== '-') newLine += 1
    }
  }
  for (const [start, end] of ranges(edits)) {
    advance(start)
    const part = edits.slice(start, end)
    const olds = part.filter((edit) => edit.sign !== '+').length
    const news = part.filter((edit) => edit.sign !== '-').length
    out.push(
      `@@ -${range(oldLine, olds)} +${range(newLine, news)} @@`,
      ...part.map((edit) => edit.sign + edit.text),
    )
  }
  return out
}

const range = (line: number, count: number) =>
  `${count === 0 ? line - 1 : line}${count === 1 ? '' : `,${count}`}`

/** Each run of changes with its context; runs whose context touches become one. */
function ranges(edits: readonly Edit[]): [number, number][] {
  const found: [number, number][] = []
  for (const [index, edit] of edits.entries()) {
    if (edit.sign === ' ') continue
    const start = Math.max(0, index - CONTEXT_LINES)
    const end = Math.min(edits.length, index + 1 + CONTEXT_LINES)
    const last = found.at(-1)
    if (last !== undefined && start <= last[1]) last[1] = end
    else found.push([start, end])
  }
  return found
}

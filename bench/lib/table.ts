import type { Measure } from './bench.ts'
import { round } from './numbers.ts'

/** Prints one line for each measure, and its note below. */
export function printTable(measures: readonly Measure[], say: (text: string) => void): void {
  const head = ['what', 'measured', 'reference', 'ratio', 'wanted', '']
  const rows = measures.map(toRow)
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  )
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  say(`\n${line(head)}\n${widths.map((width) => '-'.repeat(width)).join('  ')}`)
  for (const [index, measure] of measures.entries()) {
    say(line(rows[index] ?? []))
    if (measure.note !== undefined) say(`    ${measure.note}`)
  }
  const missed = measures.filter(({ ok }) => !ok).length
  say(
    missed === 0
      ? '\nEvery number is as wanted.'
      : `\n${missed} of ${measures.length} numbers are not as wanted.`,
  )
}

const toRow = ({ what, value, unit, reference, wanted, ok }: Measure): string[] => [
  what,
  `${round(value)} ${unit}`,
  reference ? `${round(reference.value)} ${unit}: ${reference.what}` : '',
  reference ? ratioOf(value, reference.value) : '',
  wanted,
  ok ? 'ok' : 'NOT MET',
]

const ratioOf = (value: number, reference: number): string =>
  value >= reference / 2 ? `${round(value / reference)} times` : `1/${round(reference / value)}`

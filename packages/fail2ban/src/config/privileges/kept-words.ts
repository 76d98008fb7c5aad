/** What a list of addresses may have besides addresses and names: a file, or a reference to another option. */
const KEPT_WORD = /^(?:file:[^%]+|%\([\w./-]+\)s)$/

const wordsOf = (text: string) => text.split(/[ ,\n]+/)

/** Returns an ignore list without the files and references that it had before: they may stay. */
export function newWords(value: string, before: readonly string[]): string {
  const kept = new Set(before.flatMap(wordsOf).filter((word) => KEPT_WORD.test(word)))
  return wordsOf(value)
    .filter((word) => !kept.has(word))
    .join(' ')
}

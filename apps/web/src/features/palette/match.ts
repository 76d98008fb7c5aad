export type Command = {
  id: string
  group: string
  label: string
  /** other words that find it */
  keywords?: string
  hint?: string
  run: () => void
}

function scoreWord(text: string, word: string): number {
  const at = text.indexOf(word)
  if (at === 0) return 4
  if (at > 0) return /[\s\-_./]/.test(text[at - 1] ?? '') ? 3 : 2
  let from = 0
  for (const letter of word) {
    const found = text.indexOf(letter, from)
    if (found < 0) return 0
    from = found + 1
  }
  return 1
}

function score(command: Command, words: readonly string[]): number {
  const label = command.label.toLowerCase()
  const keywords = (command.keywords ?? '').toLowerCase()
  let total = 0
  for (const word of words) {
    const best = Math.max(scoreWord(label, word) * 2, keywords.includes(word) ? 3 : 0)
    if (best === 0) return 0
    total += best
  }
  return total
}

/** Returns the commands that match the text, best first; without text all of them, in their order. */
export function matchCommands(commands: readonly Command[], typed: string): readonly Command[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return commands
  return commands
    .map((command) => ({ command, score: score(command, words) }))
    .filter((entry) => entry.score > 0)
    .toSorted((first, second) => second.score - first.score)
    .map((entry) => entry.command)
}

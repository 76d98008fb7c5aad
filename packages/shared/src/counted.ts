/** Returns a count with its noun, in English: "1 ban", "1,200 bans"; `many` is only needed if the plural is irregular. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`

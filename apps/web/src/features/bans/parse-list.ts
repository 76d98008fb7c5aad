/** The entries of a pasted list: between blanks, commas, semicolons or lines; what follows a # is a remark. */
export function parseList(text: string): string[] {
  const entries = text
    .split('\n')
    .map((line) => line.replace(/#.*$/, ''))
    .flatMap((line) => line.split(/[\s,;]+/))
    .filter((entry) => entry !== '')
  return [...new Set(entries)]
}

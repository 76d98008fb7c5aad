/** Returns the name that a segment of a page's path encodes. */
export function decodePath(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // a lone % is not valid encoding: the text is used as it is
    return text
  }
}

/** The name that a part of a page's path stands for. */
export function decodePath(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // a lone % is no encoding: taken as it is
    return text
  }
}

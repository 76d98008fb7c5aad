/** Where an address or a network has its page; a slash in it stays part of the name. */
export const addressHref = (address: string): string => `/addresses/${encodeURIComponent(address)}`

/** The address that a page's path names. */
export function addressOfPath(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // a lone % is no encoding: taken as it is
    return text
  }
}

/** Returns the path of the page of an address or network; a slash in it stays part of the name. */
export const addressHref = (address: string): string => `/addresses/${encodeURIComponent(address)}`

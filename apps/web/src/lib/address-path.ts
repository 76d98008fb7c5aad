/** Where an address or a network has its page; a slash in it stays part of the name. */
export const addressHref = (address: string): string => `/addresses/${encodeURIComponent(address)}`

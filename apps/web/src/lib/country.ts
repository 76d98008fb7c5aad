let names: Intl.DisplayNames | undefined

/** Returns the name of a country in the reader's language; "Unknown" for `??`, null and anything invalid. */
export function countryName(code: string | null | undefined): string {
  if (!code || !/^[A-Z]{2}$/.test(code)) return 'Unknown'
  names ??= new Intl.DisplayNames(undefined, { type: 'region', fallback: 'code' })
  return names.of(code) ?? code
}

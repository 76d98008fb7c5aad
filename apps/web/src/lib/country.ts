let names: Intl.DisplayNames | undefined

/** The name of a country in the reader's language; `??`, null and anything invalid are unknown. */
export function countryName(code: string | null | undefined): string {
  if (!code || !/^[A-Z]{2}$/.test(code)) return 'Unknown'
  names ??= new Intl.DisplayNames(undefined, { type: 'region', fallback: 'code' })
  return names.of(code) ?? code
}

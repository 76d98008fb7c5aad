/** A number for a country. */
export type CountryValue = {
  /** two letters, or `??` for unknown */
  readonly code: string
  readonly value: number
}

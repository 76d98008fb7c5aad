import * as z from 'zod'

export const GeoLookupInput = z.object({ addresses: z.array(z.string().max(100)).max(500) })
export type GeoLookupInput = z.infer<typeof GeoLookupInput>

/** Where an address is; null: unknown. */
export const GeoInfo = z.object({
  address: z.string(),
  /** two letters, ISO 3166-1 */
  country: z.string().nullable(),
  asn: z.int().nullable(),
  organisation: z.string().nullable(),
})
export type GeoInfo = z.infer<typeof GeoInfo>

/** The source of the locations, for the settings page. */
export const GeoStatus = z.object({
  provider: z.enum(['file', 'bundled', 'service', 'none']),
  /** a sentence: which file, how old, or why there is none */
  message: z.string(),
  builtAt: z.int().nullable(),
  hasNetworks: z.boolean(),
})
export type GeoStatus = z.infer<typeof GeoStatus>

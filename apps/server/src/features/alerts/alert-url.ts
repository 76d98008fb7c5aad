import type { Config } from '../../config.ts'

/** Returns the page of alerts, or of one incident; null: BANGUI_PUBLIC_URL is not set. */
export function alertUrl(
  { publicUrl, basePath }: Pick<Config, 'publicUrl' | 'basePath'>,
  incident?: string,
): string | null {
  if (publicUrl === null) return null
  const url = new URL(`${basePath}alerts`, publicUrl)
  if (incident !== undefined) url.searchParams.set('incident', incident)
  return url.href
}

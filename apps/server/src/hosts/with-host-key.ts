import type { ScopeDeps } from '../deps.ts'

/**
 * Returns rows of the archive with the key of their host where all hosts were asked about. The archive itself names it only
 * where it reads for several.
 */
export function withHostKey<TRow extends { readonly host?: string | undefined }>(
  { scope, isAll }: Pick<ScopeDeps, 'scope' | 'isAll'>,
  rows: TRow[],
): TRow[] {
  const [only, ...others] = scope
  if (!isAll || !only || others.length > 0) return rows
  return rows.map((row) => ({ ...row, host: only.key }))
}

import type { EffectiveSetting } from '@bangui/shared'
import { createMemo } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useQuery } from '../../api/use-query.ts'
import type { SettingsPart } from './config-part.ts'
import type { Draft } from './draft.ts'
import { configQueries } from './queries.ts'

/**
 * Returns the settings of a part as the saved draft leaves them, also by texts and by other parts; while they are worked out again, the
 * last ones. Undefined: there is no draft, or nobody can tell. `part` is the same as long as its page is open.
 */
export function createDraftedSettings(
  part: () => SettingsPart,
  draft: () => Draft | undefined,
): () => readonly EffectiveSetting[] | undefined {
  const api = useApi()
  const saved = () => draft()?.store.saved()
  const hasEdits = () => (saved()?.edits.length ?? 0) > 0
  const drafted = useQuery(() => ({
    ...configQueries.draftedSettings(api, part(), saved()?.revision ?? 0),
    enabled: hasEdits(),
  }))
  const last = createMemo(
    (before: readonly EffectiveSetting[] | undefined) =>
      drafted.data === undefined ? before : (drafted.data.settings ?? undefined),
    undefined,
  )
  return () => (hasEdits() && (draft()?.edits().length ?? 0) > 0 ? last() : undefined)
}

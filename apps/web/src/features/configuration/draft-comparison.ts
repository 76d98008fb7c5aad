import type { ComparedDraft, Edit } from '@bangui/shared'
import { useApi } from '../../api/api-context.tsx'
import { useQuery } from '../../api/use-query.ts'
import type { SettingsPart } from './config-part.ts'
import type { Draft } from './draft.ts'
import { configQueries } from './queries.ts'
import { isAbout } from './tested-messages.ts'

/** What a draft makes of the files, and the edits that were compared. */
export type DraftOnFiles = Pick<ComparedDraft, 'edits' | 'files' | 'problems'> & {
  readonly of: readonly Edit[]
}

/** Returns what the draft makes of the files; undefined: there is none, or it is being worked out. */
export function createComparison(draft: () => Draft | undefined): () => DraftOnFiles | undefined {
  const api = useApi()
  const saved = () => draft()?.store.saved()
  const compared = useQuery(() => ({
    ...configQueries.comparedDraft(api, saved()),
    enabled: (saved()?.edits.length ?? 0) > 0,
  }))
  return () => {
    const found = compared.data
    const isCurrent = JSON.stringify(found?.of) === JSON.stringify(draft()?.edits())
    return isCurrent ? found : undefined
  }
}

/** Returns why the draft cannot be applied because of a setting: of the setting's own edit, or of a text that contains it. */
export function problemsOfSetting(
  { edits, problems, of }: DraftOnFiles,
  part: SettingsPart,
  { key, edit }: { readonly key: string; readonly edit: Edit | undefined },
): string[] {
  const own = of.findIndex((each) => edit !== undefined && JSON.stringify(each) === JSON.stringify(edit))
  const all = [...edits.map(({ problem }) => problem), ...problems]
  const found = all.filter(
    (problem, index) => problem && (index === own || (problem.key === key && isAbout(problem, part))),
  )
  return [...new Set(found.flatMap((problem) => problem?.message ?? []))]
}

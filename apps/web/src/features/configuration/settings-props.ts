import type { RouterOutputs } from '@bangui/server/router'
import type { EffectiveSetting } from '@bangui/shared'
import type { SettingsPart } from './config-part.ts'
import type { Draft } from './draft.ts'
import type { PartSources } from './part-sources.ts'

/** What the settings of a part are shown with. */
export type SettingsViewProps = {
  part: SettingsPart
  settings: RouterOutputs['config']['effective']['settings']
  options: RouterOutputs['config']['options']
  sources: PartSources
  /** the part is in the draft only */
  isNew?: boolean
  /** as the draft leaves them; undefined: as they are, or nobody can tell */
  drafted: readonly EffectiveSetting[] | undefined
  /** undefined: nobody may change it here */
  draft: Draft | undefined
}

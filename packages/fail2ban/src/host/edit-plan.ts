import type { LoadStep, RuntimeSetting, SettingChange } from '@bangui/shared'
import type { StagedChange } from './stage-change.ts'

/** What an edit of the configuration is going to do, worked out in a copy. */
export interface EditPlan {
  /** there is nothing to do */
  readonly already: boolean
  readonly staged: StagedChange
  readonly step: LoadStep
  /** a jail that runs is loaded again */
  readonly loads: boolean
  /** what the load changes in the running jail */
  readonly changes: readonly SettingChange[]
  readonly runtime: readonly RuntimeSetting[]
}

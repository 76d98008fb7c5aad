import type { LoadStep } from '@bangui/shared'
import type { Fail2banConfig } from '../config/config-model.ts'
import type { Draft, PlannedFile } from '../config/draft.ts'
import type { KnownStreams } from '../config/privileges/compare-commands.ts'
import type { JailTuning } from '../models/edit-models.ts'

/** What an edit of the configuration is going to do. */
export interface EditPlan {
  /** there is nothing to do */
  readonly already: boolean
  /** Works out the files. @throws ConfigUnwritableError, ConfigRefusedError */
  readonly plan: (draft: Draft) => Promise<PlannedFile[]>
  /**
   * Looks at what fail2ban itself makes of the edit; null: its commands have to be read for this first.
   * @throws ConfigNotAllowedError
   */
  readonly allow?: (draft: Draft, known: Promise<KnownStreams> | null) => Promise<void>
  /** Returns which other setting keeps the edit from taking effect, as a sentence; null: none does. */
  readonly findShadowingSetting: (changed: Fail2banConfig) => string | null
  /** the jails that fail2ban has to take after the edit: a mistake in another one is a warning */
  readonly jails: readonly string[]
  /** what is loaded whatever the files say; null: what follows from the files */
  readonly steps: readonly LoadStep[] | null
  /** its commands are compared although the steps say what is loaded: they show whom it can lock out */
  readonly isCompared?: boolean
  /** the settings of a jail that are asked for, and what it gives up of those that were changed until the next load */
  readonly tuning?: AskedTuning
}

/** Settings of a jail that are asked for. */
export interface AskedTuning {
  readonly jail: string
  readonly settings: JailTuning
  readonly giveUp: readonly string[]
}

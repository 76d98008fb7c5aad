import type { Edit, EffectiveInput, EffectiveSetting } from '@bangui/shared'
import { HostError } from '../host-error.ts'
import { planEach } from './compare-draft.ts'
import { readDefinitions, readNamed } from './definitions.ts'
import type { Draft } from './draft.ts'
import { overlayOf } from './edits/draft-files.ts'
import { effectiveSettings } from './effective-settings.ts'
import { hasJail } from './list-jails.ts'
import { planChange, readAgain } from './plan-edits.ts'
import { changedFiles } from './privileges/check-plan.ts'

/**
 * Returns the settings of a part of the configuration as edits would leave them; edits that cannot be made are left out. Null: the part
 * would not be there, nothing may be changed, or the edits include other files than before, which nobody reads for a draft.
 */
export async function draftedSettings(
  draft: Draft,
  edits: readonly Edit[],
  { scope, name = '' }: EffectiveInput,
): Promise<EffectiveSetting[] | null> {
  if (draft.configWrite === 'off') return null
  const { end, made } = await planEach(draft, edits)
  const planned = made.map(({ edit }) => edit)
  if (await includesMore(draft, planned)) return null
  const after = await readAgain(end)
  const { config } = after
  if (scope === 'jail' && !hasJail(config, name)) return null
  const overlay = overlayOf(after)
  const hasFile = scope === 'filter' || scope === 'action'
  const definitions =
    scope === 'jail'
      ? await readDefinitions(config, [name], overlay)
      : await readNamed(config, hasFile ? [`${scope}.d/${name}`] : [], overlay)
  const settings = effectiveSettings({ config, definitions }, { scope, name })
  return hasFile && settings.length === 0 ? null : settings
}

/** A draft is read without the password that a change of includes needs: what it names must not be shown. */
async function includesMore(draft: Draft, edits: readonly Edit[]): Promise<boolean> {
  try {
    const change = await planChange(draft, edits)
    return changedFiles(change).some(({ hasOtherIncludes }) => hasOtherIncludes)
  } catch (error) {
    if (error instanceof HostError) return true
    throw error
  }
}

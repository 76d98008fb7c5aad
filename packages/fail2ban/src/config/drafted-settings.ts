import type { Edit, EffectiveInput, EffectiveSetting } from '@bangui/shared'
import { HostError } from '../host-error.ts'
import { planEach } from './compare-draft.ts'
import { readDefinitions, readNamed } from './definitions.ts'
import type { Draft } from './draft.ts'
import { overlayOf } from './edits/draft-files.ts'
import { effectiveSettings } from './effective-settings.ts'
import { hasJail } from './list-jails.ts'
import { needsOfChange, needsOfCreates, planChange, readAgain } from './plan-edits.ts'
import { changedFiles } from './privileges/check-plan.ts'

/**
 * Returns the settings of a part of the configuration as edits would leave them; edits that cannot be made are left out. Null: the part
 * would not be there, or the host does not allow the edits, which then show nothing: they could name files that nobody may read.
 */
export async function draftedSettings(
  draft: Draft,
  edits: readonly Edit[],
  { scope, name = '' }: EffectiveInput,
): Promise<EffectiveSetting[] | null> {
  const { end, made } = await planEach(draft, edits)
  const planned = made.map(({ edit }) => edit)
  if (!(await isAllowed(draft, planned))) return null
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

async function isAllowed(draft: Draft, edits: readonly Edit[]): Promise<boolean> {
  if (draft.configWrite === 'off') return false
  try {
    const change = await planChange(draft, edits)
    // whatever the level: what another file includes is not read for a draft that nobody has confirmed with a password
    if (changedFiles(change).some(({ hasOtherIncludes }) => hasOtherIncludes)) return false
    const needs = [...needsOfCreates(edits), ...(await needsOfChange(change, draft.configWrite))]
    return needs.every(({ needs: level }) => level === 'all' && draft.configWrite === 'all')
  } catch (error) {
    if (error instanceof HostError) return false
    throw error
  }
}

import { join, relative } from 'node:path'
import type { Edit, SetEdit } from '@bangui/shared'
import { ConfigReadOnlyError, ConfigRefusedError, ConfigUnwritableError } from '../errors.ts'
import type { ConfigWrite } from '../models/change-models.ts'
import { definitionsNamed } from './definitions.ts'
import type { Draft, PlannedFile } from './draft.ts'
import { overlayOf, withFile } from './edits/draft-files.ts'
import { optionAt, placeOf } from './edits/option-place.ts'
import { planFile } from './edits/plan-file.ts'
import { planCreate, planDelete } from './edits/plan-named.ts'
import { planSet } from './edits/plan-set.ts'
import { findIncluders } from './includers.ts'
import { configuredJails } from './list-jails.ts'
import { assertAllowed, needOfCreate } from './privileges/check-files.ts'
import type { Need } from './privileges/check-files.ts'
import { findNeedsOf, findNeedsOfKeys } from './privileges/check-plan.ts'
import type { PlannedChange, PlannedConfig } from './privileges/planned-change.ts'
import { readFail2banConfig } from './read-config.ts'

/**
 * Works out which files some edits change, made one after the other: only `.local` files and own files of the user. Nothing is
 * written. Checked on the configuration as it would be: that the host allows each key that differs, and that each option that is
 * set has its value.
 * @throws ConfigReadOnlyError, ConfigNotAllowedError, ConfigRefusedError, ConfigUnwritableError, ConfigChangedError, JailUnknownError
 */
export async function planEdits(draft: Draft, edits: readonly Edit[]): Promise<PlannedFile[]> {
  if (draft.configWrite === 'off')
    throw new ConfigReadOnlyError('Configuration changes are disabled on this host.')
  assertAllowed(needsOfCreates(edits), draft.configWrite)
  const change = await planChange(draft, edits)
  await assertUnused(change.end, edits)
  assertAllowed(await needsOfChange(change, draft.configWrite), draft.configWrite)
  const files = [...change.end.draft.files.values()]
  const shadowed = await findShadowed(change.end.draft, edits)
  if (shadowed === null) return files
  throw new ConfigUnwritableError(
    [shadowed.message, ...files.flatMap((file) => file.skippedFiles ?? [])].join(' '),
  )
}

/** Returns what the edits that create something need by themselves. */
export const needsOfCreates = (edits: readonly Edit[]): Need[] =>
  edits.flatMap((edit) => (edit.kind === 'create' ? needOfCreate(edit) : []))

/** Returns what a planned change needs that a host of this level may not allow. @throws ConfigRefusedError */
export const needsOfChange = async (change: PlannedChange, level: ConfigWrite): Promise<Need[]> =>
  level === 'all' ? findNeedsOfKeys(change) : findNeedsOf(change)

/** @throws ConfigRefusedError for a deleted filter or action that a jail still names, enabled or not, or that another one includes */
export async function assertUnused({ config, draft }: PlannedConfig, edits: readonly Edit[]): Promise<void> {
  for (const edit of edits) {
    if (edit.kind !== 'delete' || edit.scope === 'jail') continue
    const { scope, name } = edit
    if ((scope === 'filter' ? config.filters : config.actions)?.has(name) === true) continue
    const user = configuredJails(config).find((jail) =>
      definitionsNamed(config, jail.name).includes(`${scope}.d/${name}`),
    )
    if (user !== undefined)
      throw new ConfigRefusedError(`The jail ${user.name} uses the ${scope} ${name}. Change that jail first.`)
    const [includer] = (await findIncluders(config, scope, overlayOf(draft))).get(name) ?? []
    if (includer !== undefined)
      throw new ConfigRefusedError(
        `The ${scope} ${includer} includes the ${scope} ${name}. Change or delete that ${scope} first.`,
      )
  }
}

/** Returns files as a change, without looking at what it needs. */
export async function changeOfFiles(draft: Draft, files: readonly PlannedFile[]): Promise<PlannedChange> {
  const { config, ...end } = await readAgain(files.reduce(withFile, draft))
  return { start: { draft, config: draft.config }, end: { draft: { ...end, config }, config } }
}

/** Returns a change without looking at what it needs: what it starts from, and how it leaves the files and the configuration. */
export async function planChange(draft: Draft, edits: readonly Edit[]): Promise<PlannedChange> {
  const creates = edits.filter(({ kind }) => kind === 'create')
  const end = await planAll(draft, edits)
  return {
    start: creates.length === 0 ? { draft, config: draft.config } : await planAll(draft, creates),
    end,
  }
}

async function planAll(draft: Draft, edits: readonly Edit[]): Promise<PlannedConfig> {
  let current = draft
  let isRead = true
  for (const edit of edits) {
    // what an earlier edit creates or writes as text can be what this one is about; options are looked up in the planned files
    if (!isRead) current = await readAgain(current)
    current = await planEdit(current, edit)
    isRead = edit.kind === 'set'
  }
  const { config } = await readAgain(current)
  return { draft: { ...current, config }, config }
}

/** Returns the draft with the configuration read again, as the planned files leave it. */
export async function readAgain(draft: Draft): Promise<Draft> {
  const { configDir, jail } = draft.config
  // the configuration was read for a version, which has its place in some actions
  const version = jail.defaults.get('fail2ban_version')?.raw
  return { ...draft, config: await readFail2banConfig(configDir, version, overlayOf(draft)) }
}

/** Returns the draft with one more edit. The configuration is read again before the next one, unless this one sets an option. @throws as planEdits does */
export function planEdit(draft: Draft, edit: Edit): Promise<Draft> {
  if (edit.kind === 'set') return planSet(draft, edit)
  if (edit.kind === 'file') return planFile(draft, edit)
  return edit.kind === 'create' ? planCreate(draft, edit) : planDelete(draft, edit)
}

/** An option that another setting keeps from taking effect. */
export interface ShadowedEdit {
  readonly edit: SetEdit
  readonly message: string
}

/** Returns the first edit that another setting keeps from taking effect in the configuration of a draft; null: none does. */
export async function findShadowed(draft: Draft, edits: readonly Edit[]): Promise<ShadowedEdit | null> {
  for (const edit of lastSets(edits)) {
    if (edit.value === null) continue
    const place = await placeOf(draft, { ...edit, key: edit.key.toLowerCase() })
    const found = optionAt(place)
    if (found?.raw === edit.value) continue
    const what = `${place.key} in [${place.section}] cannot be set`
    if (found === undefined || found.file === null)
      return { edit, message: `${what}: the change has no effect.` }
    const inside = relative(draft.config.configDir, found.file)
    const file = inside.startsWith('..') ? found.file : join(draft.live, inside)
    const message = `${what}: ${file}, line ${found.line ?? 0}, is read later and sets the option. Change it there.`
    return { edit, message }
  }
  return null
}

/** Returns the edits that set an option and that no later edit replaces. */
function lastSets(edits: readonly Edit[]): SetEdit[] {
  const last = new Map<string, SetEdit>()
  for (const edit of edits) {
    if (edit.kind === 'file' || edit.kind === 'delete') last.clear()
    if (edit.kind === 'set')
      last.set([edit.scope, edit.name, edit.section, edit.key.toLowerCase()].join('\n'), edit)
  }
  return [...last.values()]
}

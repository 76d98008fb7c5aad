import type { SetEdit } from '@bangui/shared'
import { ConfigChangedError, ConfigRefusedError, ConfigUnwritableError } from '../../errors.ts'
import { actionCatalogue } from '../catalogue/action-options.ts'
import type { Draft, PlannedFile } from '../draft.ts'
import { removeOption, setOption } from '../edit-ini.ts'
import { parseIni } from '../ini-file.ts'
import { findValueOnDisk } from './find-base.ts'
import { openFile, OVERRIDES_HEADER, textOf, withFile } from './draft-files.ts'
import { removeEmptySection } from './edit-sections.ts'
import { insideOf, lastLocalThatSets, optionAt, placeOf } from './option-place.ts'
import type { OptionPlace } from './option-place.ts'

/**
 * Returns the draft with an option set: in the last `.local` file that sets it already, or, where there is none or BanGUI cannot
 * write it, in the file for overrides, which wins over it. A value of null removes the override that decides.
 * @throws JailUnknownError, ConfigRefusedError, ConfigUnwritableError, ConfigChangedError
 */
export async function planSet(draft: Draft, { value, base, ...edit }: SetEdit): Promise<Draft> {
  const key = edit.key.toLowerCase()
  const place = await placeOf(draft, { ...edit, key, value })
  if (edit.scope === 'jail' && actionCatalogue.some((option) => option.key === key))
    throw new ConfigRefusedError(
      `${key} has no effect in a jail: fail2ban reads this option only in action files.`,
    )
  await assertAsSeen(draft, { ...edit, place, base })
  return value === null ? removeOverride(draft, place) : setOverride(draft, place, value)
}

interface SeenOption extends Omit<SetEdit, 'kind' | 'value'> {
  readonly place: OptionPlace
}

/** @throws ConfigChangedError where an option is neither on disk nor in the draft as it was when it was read */
async function assertAsSeen(draft: Draft, { place, base, ...edit }: SeenOption): Promise<void> {
  if (base === undefined || (optionAt(place)?.raw ?? null) === base) return
  if ((await findValueOnDisk(draft, edit)) === base) return
  throw new ConfigChangedError(
    `Somebody else changed ${place.key} in [${place.section}]. Check the new value and try again.`,
  )
}

async function setOverride(draft: Draft, place: OptionPlace, value: string): Promise<Draft> {
  const { section, key, ownFile } = place
  const write = async (inside: string): Promise<PlannedFile> => {
    const file = await openFile(draft, inside)
    return { ...file, after: setOption(file.after ?? OVERRIDES_HEADER, { section, key, value }) }
  }
  const current = (await lastLocalThatSets(draft, place)) ?? ownFile
  if (current === ownFile) return withFile(draft, await write(ownFile))
  try {
    return withFile(draft, await write(current))
  } catch (error) {
    if (!(error instanceof ConfigUnwritableError)) throw error
    const file = await write(ownFile)
    return withFile(draft, {
      ...file,
      skippedFiles: [...new Set([...(file.skippedFiles ?? []), error.message])],
    })
  }
}

async function removeOverride(draft: Draft, place: OptionPlace): Promise<Draft> {
  const { section, key } = place
  const inside = await lastLocalThatSets(draft, place)
  if (inside === undefined) return draft
  const file = await openFile(draft, inside)
  const text = file.after ?? ''
  const rest = removeOption(text, section, key)
  if (!text.startsWith(OVERRIDES_HEADER)) return withFile(draft, { ...file, after: rest })
  const keepsSection = !(await isElsewhere(draft, place, inside)) && isJail(place)
  const tidy = keepsSection ? rest : removeEmptySection(rest, section)
  return withFile(draft, { ...file, after: tidy.trim() === OVERRIDES_HEADER.trim() ? null : tidy })
}

const isJail = ({ ownFile, section }: OptionPlace) => ownFile.startsWith('jail.d/') && section !== 'DEFAULT'

/** Returns whether another file has the section: a jail is there as long as one does. */
async function isElsewhere(draft: Draft, { tree, section }: OptionPlace, inside: string): Promise<boolean> {
  for (const file of tree.files) {
    const other = insideOf(draft.config, file)
    if (other === inside) continue
    const text = await textOf(draft, other)
    if (text !== null && parseIni(text).sections.some(({ name }) => name === section)) return true
  }
  return false
}

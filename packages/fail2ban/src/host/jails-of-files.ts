import { relative } from 'node:path'
import type { Fail2banConfig } from '../config/config-model.ts'
import { definitionsNamed } from '../config/definitions.ts'
import type { PlannedFile } from '../config/draft.ts'
import { decodeOrNull } from '../config/edits/draft-files.ts'
import { configuredJails } from '../config/list-jails.ts'
import { changedKeys, roleOf } from '../config/privileges/changed-keys.ts'

/** Returns the enabled jails whose options, filter or actions some changed files have. */
export function jailsOfFiles(config: Fail2banConfig, live: string, files: readonly PlannedFile[]): string[] {
  const sections = new Set<string>()
  const definitions = new Set<string>()
  for (const { path, before, after } of files) {
    const inside = relative(live, path)
    const role = roleOf(inside)
    if (role === 'filter' || role === 'action') definitions.add(inside.replace(/\.(?:conf|local)$/, ''))
    if (role !== 'jail') continue
    const { keys, newSections } = changedKeys(before && decodeOrNull(before), after)
    for (const name of [...keys.map(({ section }) => section), ...newSections]) sections.add(name)
  }
  return configuredJails(config).flatMap(({ name, enabled }) => {
    const isNamed = sections.has('DEFAULT') || sections.has(name)
    const isUsing =
      definitions.size > 0 && definitionsNamed(config, name).some((each) => definitions.has(each))
    return enabled && (isNamed || isUsing) ? [name] : []
  })
}

import { basename, relative } from 'node:path'
import { parseReference } from '@bangui/shared'
import type { Fail2banConfig } from '../config-model.ts'
import { decodeOrNull, overlayOf } from '../edits/draft-files.ts'
import { findOption } from '../catalogue/catalogue.ts'
import { choiceKeys, grammarOf, isFree } from '../catalogue/grammars.ts'
import { readNamed } from '../definitions.ts'
import { interpolate } from '../interpolate.ts'
import { configuredJails, daemonOption } from '../list-jails.ts'
import { resolveDefinition } from '../resolve-jail.ts'
import { isParametersOnly, replacedParameters } from './action-parameters.ts'
import { changedKeys, roleOf } from './changed-keys.ts'
import type { ChangedKey } from './changed-keys.ts'
import { choicesOf, withChoices } from './choices.ts'
import { findNeeds } from './check-files.ts'
import type { ChangedFile, Need } from './check-files.ts'
import { findNewIdentifier, identifiersOfFilter, identifiersOfJail } from './identifier-groups.ts'
import { findOtherChange, resolveJails } from './jail-commands.ts'
import type { AllowedChanges } from './jail-commands.ts'
import { whyNotAllowedLogs } from './log-paths.ts'
import type { PlannedChange, PlannedConfig } from './planned-change.ts'
import type { AllowedLogs } from './log-paths.ts'

/** Returns the files that differ, each with the keys that do. */
export function changedFiles({ start, end }: PlannedChange): ChangedFile[] {
  const { live } = end.draft
  return [...end.draft.files.values()].flatMap(({ path, before, after }) => {
    const file = relative(live, path)
    const planned = start.draft.files.get(path)
    const old = planned === undefined ? before && decodeOrNull(before) : planned.after
    if (old === after) return []
    return [{ file, role: roleOf(file), isRemoved: after === null, ...changedKeys(old, after) }]
  })
}

/** Returns what the keys of a change need by themselves. @throws ConfigRefusedError for what has no effect or a bad name at any level */
export function findNeedsOfKeys(change: PlannedChange): Need[] {
  const namesIn = ({ config }: PlannedConfig) => new Set(config.jail.sections.keys())
  const jails = { before: namesIn(change.start), after: namesIn(change.end) }
  const isAllowed = (file: ChangedFile, { section, key }: Need) =>
    file.role === 'jail' && key === 'action' && section !== null && isParametersOnly(change, file, section)
  const needs = changedFiles(change).flatMap((file) =>
    findNeeds(file, jails).filter((need) => !isAllowed(file, need)),
  )
  return [...needs, ...socketNeeds(change)]
}

/**
 * Returns what a change needs that `BANGUI_CONFIG_WRITE=jails` does not allow: for its keys, and for what they change elsewhere, such
 * as a command that names one of them. @throws ConfigRefusedError
 */
export async function findNeedsOf(change: PlannedChange): Promise<Need[]> {
  const needs = findNeedsOfKeys(change)
  if (needs.length > 0) return needs
  const files = changedFiles(change)
  const ofValues = await valueNeeds(change, files)
  if (ofValues.length > 0) return ofValues
  const ofFilters = await filterNeeds(change, files)
  return ofFilters.length > 0 ? ofFilters : commandNeeds(change, files)
}

/** An include or a reference can change them as well. */
const socketNeeds = ({ start, end }: PlannedChange): Need[] =>
  (['socket', 'pidfile'] as const)
    .filter((key) => daemonOption(start.config, key) !== daemonOption(end.config, key))
    .map((key) => ({
      message: `The change would give fail2ban’s ${key} a different value. BanGUI never changes this option.`,
      file: 'fail2ban.conf',
      section: 'Definition',
      key,
      needs: 'never',
    }))

/** The values of which the text alone does not show enough. */
async function valueNeeds({ start, end }: PlannedChange, files: readonly ChangedFile[]): Promise<Need[]> {
  const logs = { logDirs: end.draft.logDirs, known: knownLogs(start.config) }
  const needs: Need[] = []
  for (const { file, role, keys } of files) {
    for (const { section, key, after } of role === 'jail' ? keys : []) {
      const reason = await whyNotValue(end.config, { key, value: after.at(-1) ?? '', logs })
      if (reason === null) continue
      const message = `${key} in [${section}] of ${file} needs BANGUI_CONFIG_WRITE=all on this host: ${reason}.`
      needs.push({ message, file, section, key, needs: 'all' })
    }
  }
  return needs
}

interface CheckedValue {
  readonly key: string
  readonly value: string
  readonly logs: AllowedLogs
}

async function whyNotValue(
  config: Fail2banConfig,
  { key, value, logs }: CheckedValue,
): Promise<string | null> {
  if (key === 'logpath') return whyNotAllowedLogs(value, logs)
  if ((key === 'banaction' || key === 'banaction_allports') && value !== '')
    return config.actions?.has(value) === true ? null : `there is no action named ${value}`
  if (key !== 'filter' || value === '') return null
  const reference = parseReference(value)
  if ('problem' in reference) return `the filter ${reference.problem}`
  return config.filters?.has(reference.name) === true ? null : `there is no filter named ${reference.name}`
}

const knownLogs = ({ jail }: Fail2banConfig): ReadonlySet<string> =>
  new Set(
    [...jail.sections.keys()].flatMap((name) => interpolate(jail, name, 'logpath')?.value.split('\n') ?? []),
  )

/** What the allowed keys of a change do elsewhere: in the commands of actions, which can name any option. */
async function commandNeeds(change: PlannedChange, files: readonly ChangedFile[]): Promise<Need[]> {
  const { start, end } = change
  const [first] = files
  if (first === undefined) return []
  const names = configuredJails(end.config).map(({ name }) => name)
  const chosen = await withChoices(start, choicesOf(change, files))
  const before = await resolveJails(chosen.config, names, overlayOf(chosen.draft))
  const after = await resolveJails(end.config, names, overlayOf(end.draft))
  const allowedIn = allowedChanges(change, files)
  for (const jail of names) {
    const [old, now] = [before.get(jail), after.get(jail)]
    if (!old || !now) continue
    const identifier = findNewIdentifier(identifiersOfJail(old), identifiersOfJail(now))
    if (identifier !== undefined) return [needOfIdentifier(identifier, first.file, jail)]
    const what = findOtherChange(old, now, allowedIn(jail))
    if (what === undefined) continue
    const message = `The change also affects ${what} in the jail ${jail}. To change what fail2ban runs and opens there, set BANGUI_CONFIG_WRITE=all on this host.`
    return [{ message, file: first.file, section: jail, key: null, needs: 'all' }]
  }
  return []
}

/** Returns what a jail or a filter (null) needs that would ban by something else than before. */
export const needOfIdentifier = (identifier: string, file: string, section: string | null): Need => ({
  message: `The change would give ${section === null ? file : `the jail ${section}`} ${identifier}. fail2ban could then ban text that is not an address, and the commands of actions would contain that text. This needs BANGUI_CONFIG_WRITE=all on this host. Otherwise, use <HOST> or <ADDR>.`,
  file,
  section,
  key: null,
  needs: 'all',
})

/** What filters that no jail uses yet would ban by. */
async function filterNeeds({ start, end }: PlannedChange, files: readonly ChangedFile[]): Promise<Need[]> {
  const needs: Need[] = []
  for (const { file, role, isRemoved } of files) {
    if (role !== 'filter' || isRemoved) continue
    const name = basename(file).replace(/\.(?:conf|local)$/, '')
    const read = async ({ config, draft }: PlannedConfig) => {
      const found = await readNamed(config, [`filter.d/${name}`], overlayOf(draft))
      const tree = found.get(`filter.d/${name}`)?.tree
      return identifiersOfFilter(
        tree === undefined ? { values: new Map() } : resolveDefinition(tree, { name, kind: 'filter' }),
      )
    }
    const identifier = findNewIdentifier(await read(start), await read(end))
    if (identifier !== undefined) needs.push(needOfIdentifier(identifier, file, null))
  }
  return needs
}

/** Returns what the edits of a jail and of `[DEFAULT]` may change in the jail. */
export function allowedChanges(
  change: PlannedChange,
  files: readonly ChangedFile[],
): (jail: string) => AllowedChanges {
  const { start, end } = change
  const changed = files.flatMap(({ role, keys }) => (role === 'jail' ? keys : []))
  return (jail) => {
    const keys = changed.filter(({ section }) => section === jail || section === 'DEFAULT')
    const valueIn = ({ config }: PlannedConfig, key: string) =>
      interpolate(config.jail, jail, key)?.value ?? `<${key}>`
    const removed = new Set(keys.filter(({ after }) => after.length === 0).map(({ key }) => key))
    const replacements = keys
      .filter(isReplaceable)
      .map(({ key }) => ({ key, before: valueIn(start, key), after: valueIn(end, key) }))
      .filter(({ key, after }) => removed.has(key) || isOneWord(after))
    return { replacements: [...replacements, ...replacedParameters(change, files, jail)], removed }
  }
}

/** What stands in a command must not end it. */
const isOneWord = (value: string) => /^[\w.,:@+/-]*$/.test(value)

/** Expressions, patterns and references may not reach a command. */
function isReplaceable({ key }: ChangedKey): boolean {
  const option = findOption('jail', key)
  if (option === undefined || key === 'filter' || choiceKeys.has(key)) return false
  return option.privilege !== 'all' && !isFree(grammarOf(option))
}

/** Returns the jails whose commands a change can reach: those with keys of their own, or all of them. */
export function touchedJails({ end }: PlannedChange, files: readonly ChangedFile[]): string[] {
  const all = configuredJails(end.config).map(({ name }) => name)
  const sections = files.flatMap(({ role, keys, newSections }) =>
    role === 'jail' ? [...keys.map(({ section }) => section), ...newSections] : ['DEFAULT'],
  )
  return sections.includes('DEFAULT') ? all : all.filter((name) => sections.includes(name))
}

import {
  isHostName,
  isVeryWide,
  isWholeFamily,
  parseAddress,
  parseDuration,
  type Address,
  type ChangeResult,
  type JailFilter,
  type JailTuningNow,
  type SettingsPreview,
  type UpdateJailInput,
} from '@bangui/shared'
import { listPeople, lockOutOf } from '../config/people.ts'
import type { HostDeps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'
import { refuseDuringRollback } from '../recovery/recovery.service.ts'
import { running } from './jail-verbs.ts'
import { makeChange, withoutId, type ApplyDeps, type ChangeRequest } from './make-change.ts'

/** How many addresses of a file are shown. */
const MAX_SHOWN_ADDRESSES = 500

/** Returns the settings of a running jail, as the daemon has them. @throws AppError jail_not_running, jail_unknown */
export const getTuning = (deps: Pick<HostDeps, 'host' | 'jails'>, name: string): Promise<JailTuningNow> =>
  running(deps, name, async () => {
    const [tuning, ignored] = await Promise.all([
      deps.host.jails.getTuning(name),
      deps.host.jails.getIgnoreList(name),
    ])
    const { bantime, findtime, maxretry } = tuning
    const ignoredFiles = ignored.files.map(({ addresses, ...file }) => ({
      ...file,
      addresses: addresses.slice(0, MAX_SHOWN_ADDRESSES),
      total: addresses.length,
    }))
    return { bantime, findtime, maxretry, ignored: [...ignored.entries], ignoredFiles }
  })

/** Returns the filter of a running jail, as the daemon has it. @throws AppError jail_not_running, jail_unknown */
export const getFilter = (deps: Pick<HostDeps, 'host' | 'jails'>, name: string): Promise<JailFilter> =>
  running(deps, name, () => deps.host.jails.getFilter(name))

/**
 * Changes a running jail until its next reload; a permanent change is written into the configuration, tested and
 * rehearsed first, and loaded from there as an activation is.
 * @throws AppError duration_invalid, addresses_invalid, ignore_whole_family, ignore_too_wide, jail_not_running,
 * jail_unknown
 */
export async function updateJail(
  deps: ApplyDeps & Pick<HostDeps, 'bantimes'>,
  input: UpdateJailInput,
  by: Pick<ChangeRequest, 'operationId' | 'confirmer'>,
): Promise<ChangeResult> {
  refuseDuringRollback(deps)
  const { name, permanent } = input
  const changes = readChanges(input)
  if (permanent) {
    const edits = [{ kind: 'settings', jail: name, settings: changes, giveUp: input.giveUp }] as const
    const result = await makeChange(deps, { edits, title: `Changing jail ${name}`, ...by })
    // loading what was written brings everything into force
    if (result) {
      await noteBantime(deps, input)
      return withoutId(result)
    }
  }
  await running(deps, name, () => deps.host.jails.tune(name, changes))
  await noteBantime(deps, input)
  await deps.jails.refresh().catch((error: unknown) => {
    deps.log.debug({ event: 'jail_list_failed', err: error }, 'the jails could not be listed')
  })
  return { applied: true, files: [], output: null }
}

/** The line of the log about a new bantime can come later than the next ban, which ends by the new one. */
async function noteBantime(
  { bantimes, log }: Pick<HostDeps, 'bantimes' | 'log'>,
  { bantime }: UpdateJailInput,
): Promise<void> {
  if (bantime === undefined) return
  bantimes.outdate()
  await bantimes.refresh().catch((error: unknown) => {
    log.debug({ event: 'bantimes_not_read', err: error }, 'the ban times of the jails could not be read yet')
  })
}

/**
 * Returns what a permanent change of a jail would do: the changed files, and the changes in the jail by its load.
 * @throws AppError as {@link updateJail}
 */
export async function previewUpdate(
  deps: Pick<HostDeps, 'host' | 'jails' | 'database' | 'state' | 'clock'>,
  input: UpdateJailInput,
): Promise<SettingsPreview> {
  const { name, giveUp } = input
  const edit = { kind: 'settings', jail: name, settings: readChanges(input), giveUp } as const
  const people = await listPeople(deps)
  const preview = await deps.host.config.preview({ edits: [edit], people: [...people.keys()] })
  const idle = { key: 'idle', now: 'on', after: 'off', kind: 'lost' } as const
  const endsIdle = preview.loads && deps.jails.idle.has(name)
  return {
    ...preview,
    ...lockOutOf(deps, preview, people),
    name,
    files: [...preview.files],
    warnings: [...preview.warnings],
    changes: [...preview.changes, ...(endsIdle ? [idle] : [])],
  }
}

const readChanges = (input: UpdateJailInput) => ({
  bantime: readTime(input.bantime, { mayBePermanent: true }),
  findtime: readTime(input.findtime, { mayBePermanent: false }),
  maxretry: input.maxretry,
  addIgnored: input.addIgnored?.map((text) => ignorable(readAddress(text), input)),
  removeIgnored: input.removeIgnored?.map(readIgnored),
})

function readTime(
  text: string | number | undefined,
  { mayBePermanent }: { readonly mayBePermanent: boolean },
): number | undefined {
  if (text === undefined) return undefined
  const seconds = parseDuration(text)
  if (seconds === undefined || seconds === 0 || (seconds < 0 && !mayBePermanent))
    throw new AppError('duration_invalid')
  return seconds
}

function readAddress(text: string): Address {
  const address = parseAddress(text.trim())
  if (!address) throw new AppError('addresses_invalid', { address: text })
  return address
}

/** Parses an entry of an ignore list. BanGUI adds addresses only, but the list may contain host names. */
const readIgnored = (text: string): string =>
  isHostName(text.trim()) && !parseAddress(text.trim()) ? text.trim() : readAddress(text).text

/** Returns the text of what may be ignored; networks that never meet the Internet, such as fc00::/7, may be as wide as they are. */
export function ignorable(address: Address, { force }: Pick<UpdateJailInput, 'force'>): string {
  const { text, kind } = address
  if (isWholeFamily(address))
    throw new AppError('ignore_whole_family', { address: text, listed: text.replace('/0', '') })
  const isWide = isVeryWide(address) && kind !== 'private' && kind !== 'link_local'
  if (isWide && !force) throw new AppError('ignore_too_wide', { address: text })
  return text
}

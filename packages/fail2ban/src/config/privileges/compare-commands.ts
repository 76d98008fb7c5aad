import { join, relative } from 'node:path'
import { dumpConfig } from '../dump-config.ts'
import type { ConfigDump, DumpOptions, StreamCommand } from '../dump-config.ts'
import { startedJails } from '../rehearsal-commands.ts'
import { stageConfig } from '../stage.ts'
import type { ConfigFolder } from '../stage.ts'
import type { ConfigTools } from '../tools.ts'
import type { ChangedFile, Need } from './check-files.ts'
import { allowedChanges, changedFiles, needOfIdentifier, touchedJails } from './check-plan.ts'
import { choicesOf, withChoices } from './choices.ts'
import { isExplained } from './explained-text.ts'
import type { Replacement } from './explained-text.ts'
import { findNewIdentifier, identifiersInStream } from './identifier-groups.ts'
import type { PlannedChange, PlannedConfig } from './planned-change.ts'

/** The commands before and after edits, of the configuration as it is switched. */
export interface KnownStreams {
  readonly before: readonly StreamCommand[]
  readonly after: ConfigDump
}

interface LookOptions extends DumpOptions {
  /** where they show the touched jails, no copy is read @default null */
  readonly known?: Promise<KnownStreams> | null
}

/**
 * Returns what a change alters in the commands of a jail, as fail2ban itself reads them, beyond the values that
 * `BANGUI_CONFIG_WRITE=jails` allows; undefined: nothing. The second look beside that of `planEdits`, at two copies of the
 * configuration with the touched jails switched on. Where fail2ban says nothing about the changed copy, the change is not allowed,
 * unless it reads it without the switches neither: then its own test refuses the change.
 * @throws ConfigUnreadableError, ToolMissingError
 */
export async function findForbiddenCommand(
  change: PlannedChange,
  tools: ConfigTools,
  { known: reading = null, ...options }: LookOptions = {},
): Promise<Need | undefined> {
  const files = changedFiles(change)
  const jails = touchedJails(change, files)
  const choices = choicesOf(change, files)
  const switches = jails.map((name) => switchOn(name, files)).join('\n')
  const dump = (planned: PlannedConfig, switched = switches) =>
    dumpWith(planned, switched, (folder) => dumpConfig(folder, tools, options))
  // what may be chosen differs in no other way than by the choice
  const chosen = await withChoices(change.start, choices)
  const known = choices.length === 0 ? await reading : null
  const [before, after] =
    known !== null && showsJails(known, jails)
      ? [{ stream: known.before }, known.after]
      : await Promise.all([dump(chosen), dump(change.end)])
  const file = files[0]?.file ?? 'jail.local'
  if (!after.ended || (isUnread(after) && !isUnread(await dump(change.end, '')))) {
    const message =
      'BanGUI cannot tell which commands the change would make fail2ban run, so the change needs BANGUI_CONFIG_WRITE=all on this host.'
    return { message, file, section: null, key: null, needs: 'all' }
  }
  for (const jail of jails) {
    const [old, now] = [before, after].map(({ stream }) => identifiersInStream(stream, jail))
    const identifier = old && now && findNewIdentifier(old, now)
    if (identifier !== undefined) return needOfIdentifier(identifier, file, jail)
  }
  const allowed = allowedChanges(change, files)
  const changed = jails.find(
    (jail) =>
      !areExplained(
        commandsOf(before.stream, jail),
        commandsOf(after.stream, jail),
        allowed(jail).replacements,
      ),
  )
  if (changed === undefined) return undefined
  const message = `The change would alter the commands that fail2ban runs in the jail ${changed}. This needs BANGUI_CONFIG_WRITE=all on this host.`
  return { message, file, section: changed, key: null, needs: 'all' }
}

/** Returns whether all these jails are started before and after, so that nothing of them is missing. */
function showsJails({ before, after }: KnownStreams, jails: readonly string[]): boolean {
  const [old, now] = [new Set(startedJails(before)), new Set(startedJails(after.stream))]
  return after.ok && after.ended && jails.every((jail) => old.has(jail) && now.has(jail))
}

/** fail2ban refuses the whole configuration. */
const isUnread = ({ ok, stream }: ConfigDump) => !ok && stream.length === 0

/** Both copies get the filter of the change, so that fail2ban leaves a jail out of both or of none. */
function switchOn(jail: string, files: readonly ChangedFile[]): string {
  const filter = files
    .flatMap(({ role, keys }) => (role === 'jail' ? keys : []))
    .findLast(({ section, key }) => section === jail && key === 'filter')
  const value = filter?.after.at(-1)
  const own = value === undefined ? '' : `filter = ${value.replaceAll('\n', ' ')}\n`
  return `[${jail}]\nenabled = true\nskip_if_nologs = false\n${own}`
}

/** Reads a copy of the folder with the planned files, and with more that is read last. */
async function dumpWith(
  { draft: { live, files } }: PlannedConfig,
  switches: string,
  dump: (folder: ConfigFolder) => Promise<ConfigDump>,
): Promise<ConfigDump> {
  await using staged = await stageConfig(live)
  for (const { path, after } of files.values()) await staged.write(relative(live, path), after)
  // "~" sorts after letters and digits
  await staged.write(join('jail.d', '~~~~.local'), switches)
  // the copy is there until then
  return await dump(staged)
}

const running = new Set(['addaction', 'action', 'ignorecommand', 'bantime.formula'])

/** The commands that set up what a jail runs, as JSON. */
const commandsOf = (stream: readonly StreamCommand[], jail: string): string[] =>
  stream
    .filter(([, name, verb]) => name === jail && typeof verb === 'string' && running.has(verb))
    .map((command) => JSON.stringify(command))

/** A jail that fail2ban leaves out, as it does where something of it is missing, runs nothing. */
function areExplained(
  before: readonly string[],
  after: readonly string[],
  replacements: readonly Replacement[],
): boolean {
  const inJson = (text: string) => JSON.stringify(text).slice(1, -1)
  const usable = replacements.map((each) => ({ before: inJson(each.before), after: inJson(each.after) }))
  if (after.length === 0) return true
  return (
    before.length === after.length &&
    after.every((command, index) => isExplained(before[index] ?? '', command, usable))
  )
}

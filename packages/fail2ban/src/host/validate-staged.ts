import { join } from 'node:path'
import { compareStreams, type Streams } from '../config/compare-streams.ts'
import type { ConfigDump, StreamCommand } from '../config/dump-config.ts'
import { configuredJails } from '../config/list-jails.ts'
import type { KnownStreams } from '../config/privileges/compare-commands.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import type { StagedConfig } from '../config/stage.ts'
import { isEnabled } from '../config/switch-jail.ts'
import type { JailState } from '../jail-state.ts'
import { describeFindings, examineConfig, type Finding } from './check-config.ts'
import { commandsWithLogs, type CommandsBefore } from './commands-before.ts'
import { findBadDatePatterns } from './date-patterns.ts'
import type { LocalHostContext } from './local-host-context.ts'

/** What a staged change is tested for. */
interface Wanted {
  /** the jails that fail2ban has to take */
  readonly jails: readonly string[]
  /** the enabled jails that the changed files name: they are tested where the commands show no difference @default none */
  readonly changed?: readonly string[]
  /** the commands before the change, where those that differ say which jails it touches as well */
  readonly before: Promise<CommandsBefore> | null
  /** looks at what fail2ban makes of the change before it is rehearsed @default nothing */
  readonly allow?: (known: Promise<KnownStreams> | null) => Promise<void>
}

/** The result of testing a staged change with fail2ban. */
export interface Validation {
  readonly warnings: readonly string[]
  /** what fail2ban refuses of the whole configuration after the change, of jails that the change does not touch as well */
  readonly findings: readonly Finding[]
  /** the jails that the change touches as fail2ban would set them up, without those that it would not */
  readonly described: ReadonlyMap<string, JailState>
  /** what the change does to the commands of a load; null: that was not looked at */
  readonly streams: Streams | null
  /** why fail2ban refuses the change, in its own words */
  readonly refused: string | null
  /** the findings for which it does */
  readonly blocking: readonly Finding[]
  /** those that do not concern the change, and the values that fail2ban passes over */
  readonly others: readonly Finding[]
}

/**
 * Tests a staged change with fail2ban's own programs. The load of the change reads the jails that it touches only: an error in
 * another jail is a warning, not a refusal.
 */
export async function validateStaged(
  context: LocalHostContext,
  staged: StagedConfig,
  wanted: Wanted,
): Promise<Validation> {
  const { jails, changed = [] } = wanted
  const { whole, old } = await examineWhole(context, staged, wanted)
  const streamsTo = (after: readonly StreamCommand[]): Streams | null =>
    old && { before: old.stream, after, comparison: compareStreams(old.stream, after) }
  const { described } = whole
  const streams = streamsTo(whole.stream)
  const findings = [...whole.findings, ...(await findBadDatePatterns(context, streams))]
  const warnings = [...staged.skipped, ...describeFindings(findings)]
  const touched = await touchedJails(staged, jails, { streams, old, findings, changed })
  const daemon = streams?.comparison.daemon
  const isOwn = ({ jail, option }: Finding) =>
    jail === null ? option !== undefined && daemon?.has(ownSetting(option)) === true : touched.has(jail)
  const ignored = whole.ignored.filter(
    ({ jail }) => jail === null || touched.has(jail) || streams?.comparison.jails.has(jail),
  )
  const own = findings.filter(isOwn)
  const others = [...findings.filter((finding) => !isOwn(finding)), ...ignored]
  if (own.length > 0) {
    const refused = reasonsOf(own)
    const blocked = { refused, blocking: own, others, warnings: staged.skipped }
    return { ...blocked, findings, described: new Map(), streams }
  }
  if (findings.length === 0 || touched.size === 0)
    return { refused: null, blocking: [], others, warnings, findings, described, streams }
  // another jail may keep fail2ban from reading these at all: they are tested alone
  await disableOthers(staged, touched)
  const alone = await examineConfig(context, staged, { describe: () => [...touched] })
  // what fail2ban refused before does not matter as long as it reads these: without commands, nothing could be loaded
  const known = new Set(alone.stream.length > 0 ? old?.dump.refusals.map(({ reason }) => reason) : [])
  const blocking = alone.findings.filter(
    ({ jail, reason }) => (jail !== null && touched.has(jail)) || !known.has(reason),
  )
  return {
    refused: blocking.length > 0 ? reasonsOf(blocking) : null,
    blocking,
    others: others.filter(({ reason }) => blocking.every((finding) => finding.reason !== reason)),
    warnings,
    findings,
    described: alone.described,
    streams: whole.stream.length > 0 ? streams : streamsTo(alone.stream),
  }
}

/** Lets fail2ban check a change, and returns the commands before it, which are looked up meanwhile; null: they are not wanted. */
async function examineWhole(
  context: LocalHostContext,
  staged: StagedConfig,
  { jails, before, allow }: Wanted,
) {
  const describe = async (after: readonly StreamCommand[]) => {
    const known = before && compareStreams((await before).stream, after).jails.keys()
    return [...new Set([...jails, ...(known ?? [])])]
  }
  const dumped = Promise.withResolvers<ConfigDump>()
  const known =
    before && Promise.all([before, dumped.promise]).then(([{ stream }, after]) => ({ before: stream, after }))
  const allowed = allow?.(known)
  // what they reject with is thrown before anything is rehearsed
  for (const promise of [known, allowed]) promise?.catch(() => undefined)
  const whole = await examineConfig(context, staged, {
    describe,
    allow: async (dump) => {
      dumped.resolve(dump)
      await allowed
    },
  })
  const old = before && (await commandsWithLogs(context, await before, { after: whole.stream, named: jails }))
  return { whole, old }
}

/** The name that a setting of fail2ban itself has among the commands. */
const ownSetting = (option: string) => (option === 'stacksize' ? 'thread' : option)

interface Compared {
  readonly streams: Streams | null
  readonly old: CommandsBefore | null
  readonly findings: readonly Finding[]
  readonly changed: readonly string[]
}

/** The jails that a change wants, and those that are enabled after it and differ, or that fail2ban refuses since. */
async function touchedJails(
  staged: StagedConfig,
  jails: readonly string[],
  { streams, old, findings, changed }: Compared,
): Promise<ReadonlySet<string>> {
  if (streams === null || old === null) return new Set(jails)
  const { wrongJails, refusals, startedJails } = old.dump
  const known = new Set<string | null>([
    ...startedJails,
    ...wrongJails.keys(),
    ...refusals.map(({ jail }) => jail),
  ])
  const refused = findings.flatMap(({ jail }) => (jail === null || known.has(jail) ? [] : [jail]))
  const config = await readFail2banConfig(staged.path)
  const found = [...streams.comparison.jails.keys(), ...refused].filter((name) => isEnabled(config, name))
  return new Set([...jails, ...found, ...(old.stream.length === 0 ? changed : [])])
}

function reasonsOf(findings: readonly Finding[]): string {
  const jails = new Set(findings.map(({ jail }) => jail))
  return (jails.size > 1 ? describeFindings(findings) : findings.map(({ reason }) => reason)).join('\n')
}

/** Disables every other jail in the copy. */
async function disableOthers(staged: StagedConfig, names: ReadonlySet<string>): Promise<void> {
  const jails = configuredJails(await readFail2banConfig(staged.path))
  const others = jails.filter((jail) => jail.enabled && !names.has(jail.name))
  const sections = others.map((jail) => `[${jail.name}]\nenabled = false\n`)
  // "~" sorts after letters and digits
  await staged.write(join('jail.d', '~~~~.local'), sections.join(''))
}

import { refusedJail, type Refusal } from '../config/client-messages.ts'
import type { StreamCommand } from '../config/dump-config.ts'
import { rehearse, type RehearseOptions } from '../config/rehearse.ts'
import { stageConfig, type ConfigFolder, type UncopiedFile } from '../config/stage.ts'
import { ConfigUnreadableError } from '../errors.ts'
import { testConfig } from '../config/test-config.ts'
import type { JailState } from '../jail-state.ts'
import type { LocalHostContext } from './local-host-context.ts'

/** One thing that fail2ban refuses, in its own words. `jail` null: it is not about one jail. */
export type Finding = Refusal

/** How many findings about one jail are kept: a filter can have hundreds of broken expressions. */
const MAX_FINDINGS_OF_JAIL = 20

/** Everything that fail2ban refuses of a configuration. Empty: it can be loaded. @throws ToolMissingError */
export const checkConfig = async (
  context: Pick<LocalHostContext, 'client' | 'testDeadline'>,
  folder: ConfigFolder,
): Promise<readonly Finding[]> => (await examineConfig(context, folder)).findings

/** What fail2ban says about a configuration. */
export interface Examination {
  /** what it refuses */
  readonly findings: readonly Finding[]
  /** values for which it takes its default */
  readonly ignored: readonly Finding[]
  /** jails as it would set them up, without those that it would not */
  readonly described: ReadonlyMap<string, JailState>
  /** the commands that a load of it consists of */
  readonly stream: readonly StreamCommand[]
}

/**
 * Lets fail2ban check a configuration: with its own test, which only reads the files, and with the rehearsal, which
 * finds values that only the daemon refuses and shows what jails would become. The rehearsal reads the files with a run of the test,
 * so the test alone is run only where that passed with a warning: only with a missing log can it say more.
 * @throws ToolMissingError
 */
export async function examineConfig(
  context: Pick<LocalHostContext, 'client' | 'testDeadline'>,
  folder: ConfigFolder,
  options: Pick<RehearseOptions, 'describe' | 'allow'> = {},
): Promise<Examination> {
  const tools = { client: context.client }
  const { testDeadline } = context
  const rehearsal = await rehearse(folder, tools, {
    ...options,
    ...(testDeadline !== undefined && { deadline: testDeadline }),
  })
  const findings = firstOfEachJail(rehearsal.refusals)
  if (!rehearsal.ok && findings.length === 0) findings.push({ jail: null, reason: rehearsal.output })
  if (findings.length === 0 && rehearsal.clientOutput !== '') {
    const test = await testConfig(folder, tools, testDeadline)
    if (!test.ok) findings.push({ jail: refusedJail(test.output) ?? null, reason: test.output })
  }
  const { uncopied = new Map<string, UncopiedFile>() } = folder
  const { described, stream, ignored } = rehearsal
  return { findings: findings.map((finding) => explained(finding, uncopied)), ignored, described, stream }
}

/** Returns the findings by jail, those of fail2ban itself last. */
function firstOfEachJail(refusals: readonly Refusal[]): Finding[] {
  const byJail = Map.groupBy(refusals, ({ jail }) => jail)
  const own = byJail.get(null) ?? []
  byJail.delete(null)
  return [...[...byJail.values()].flatMap((found) => found.slice(0, MAX_FINDINGS_OF_JAIL)), ...own]
}

/** Returns a finding; if it is about a file that could not be copied, with the reason of that. */
function explained(finding: Finding, uncopied: ReadonlyMap<string, UncopiedFile>): Finding {
  const found = [...uncopied].find(([path]) => finding.reason.includes(`'${path}'`))
  return found === undefined ? finding : { jail: finding.jail, reason: found[1].reason }
}

/**
 * Returns a sentence that names the file on which fail2ban would block, perhaps forever, while it reads its
 * configuration; null: there is none. A folder that cannot be checked is ignored.
 */
export async function findBlockingFile(context: LocalHostContext): Promise<string | null> {
  try {
    await using staged = await stageConfig(context.configDir)
    const waits = new Map([...staged.uncopied].filter(([, found]) => found.waits))
    if (waits.size === 0) return null
    const { findings } = await examineConfig(context, { ...staged, uncopied: waits })
    const reasons = [...waits.values()].map(({ reason }) => reason)
    return findings.find(({ reason }) => reasons.includes(reason))?.reason ?? null
  } catch (error) {
    if (error instanceof ConfigUnreadableError) return null
    throw error
  }
}

/** Findings as lines for people. */
export const describeFindings = (findings: readonly Finding[]): string[] =>
  findings.map(({ jail, reason }) => (jail === null ? reason : `${jail}: ${reason}`))

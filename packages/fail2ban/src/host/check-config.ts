import { refusedJail } from '../config/client-messages.ts'
import { rehearse } from '../config/rehearse.ts'
import type { ConfigFolder } from '../config/stage.ts'
import { testConfig } from '../config/test-config.ts'
import type { JailState } from '../jail-state.ts'
import type { HostContext } from './context.ts'

/** One thing that fail2ban refuses, in its own words. `jail` null: it is not about one jail. */
export interface Finding {
  readonly jail: string | null
  readonly reason: string
}

/** Everything that fail2ban refuses of a configuration. Empty: it can be loaded. @throws ToolMissingError */
export const checkConfig = async (
  context: Pick<HostContext, 'client'>,
  folder: ConfigFolder,
): Promise<readonly Finding[]> => (await examineConfig(context, folder)).findings

/** What fail2ban refuses of a configuration, and how it would set up one jail; null where it would not. */
export interface Examination {
  readonly findings: readonly Finding[]
  readonly described: JailState | null
}

/**
 * Has fail2ban look at a configuration: its own test, which looks at the files only, and the rehearsal, which finds the
 * values that only the daemon refuses and tells how a jail would be. @throws ToolMissingError
 */
export async function examineConfig(
  context: Pick<HostContext, 'client'>,
  folder: ConfigFolder,
  describe?: string,
): Promise<Examination> {
  const tools = { client: context.client }
  const options = describe === undefined ? {} : { describe }
  const [test, rehearsal] = await Promise.all([testConfig(folder, tools), rehearse(folder, tools, options)])
  const findings: Finding[] = rehearsal.failedJails.map(({ name, reason }) => ({ jail: name, reason }))
  findings.push(...rehearsal.refusals.filter(({ jail }) => jail === null))
  if (!rehearsal.ok && findings.length === 0) findings.push({ jail: null, reason: rehearsal.output })
  // the rehearsal reads the files as the test does, so it has given the same reason already
  if (!test.ok && findings.length === 0)
    findings.push({ jail: refusedJail(test.output) ?? null, reason: test.output })
  return { findings, described: rehearsal.described }
}

/** Findings as lines for people. */
export const describeFindings = (findings: readonly Finding[]): string[] =>
  findings.map(({ jail, reason }) => (jail === null ? reason : `${jail}: ${reason}`))

import { refusedJail } from '../config/client-messages.ts'
import { rehearse } from '../config/rehearse.ts'
import type { ConfigFolder } from '../config/stage.ts'
import { testConfig } from '../config/test-config.ts'
import type { HostContext } from './context.ts'

/** One thing that fail2ban refuses, in its own words. `jail` null: it is not about one jail. */
export interface Finding {
  readonly jail: string | null
  readonly reason: string
}

/**
 * Everything that fail2ban refuses of a configuration: its own test, which looks at the files only, and the rehearsal,
 * which finds the values that only the daemon refuses. Empty: it can be loaded. @throws ToolMissingError
 */
export async function checkConfig(
  context: Pick<HostContext, 'client'>,
  folder: ConfigFolder,
): Promise<Finding[]> {
  const tools = { client: context.client }
  const [test, rehearsal] = await Promise.all([testConfig(folder, tools), rehearse(folder, tools)])
  const findings: Finding[] = rehearsal.failedJails.map(({ name, reason }) => ({ jail: name, reason }))
  findings.push(...rehearsal.refusals.filter(({ jail }) => jail === null))
  if (!rehearsal.ok && findings.length === 0) findings.push({ jail: null, reason: rehearsal.output })
  // the rehearsal reads the files as the test does, so it has given the same reason already
  if (!test.ok && findings.length === 0)
    findings.push({ jail: refusedJail(test.output) ?? null, reason: test.output })
  return findings
}

/** Findings as lines for people. */
export const describeFindings = (findings: readonly Finding[]): string[] =>
  findings.map(({ jail, reason }) => (jail === null ? reason : `${jail}: ${reason}`))

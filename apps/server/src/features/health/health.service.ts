import type {
  AcceptFindingInput,
  HealthRunOutcome,
  ListedFinding,
  Role,
  RunHealthInput,
} from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'
import { redactFinding } from '../../redact-by-role.ts'

/** How many findings that are no longer there are listed. */
const MAX_ENDED = 50

/** Returns the findings of a host as a role may see them, the most severe first. */
export async function listFindings(
  { health }: Pick<HostDeps, 'health'>,
  role: Role,
): Promise<ListedFinding[]> {
  const findings = await health.findings()
  return findings.list().map((finding) => redactFinding(finding, role))
}

/** Returns the findings of a host that are no longer there, the last that ended first. */
export async function listEndedFindings({ health }: Pick<HostDeps, 'health'>) {
  const findings = await health.findings()
  return findings.listEnded(MAX_ENDED)
}

/** Runs every check now; its progress is shown as an operation without a record. @throws AppError busy */
export const runHealth = (
  { health, operations, id, key }: Pick<HostDeps, 'health' | 'operations' | 'id' | 'key'>,
  { operationId }: RunHealthInput,
): Promise<HealthRunOutcome> =>
  operations.show(
    {
      id: operationId,
      kind: 'health',
      title: 'Checking protection',
      total: null,
      cancellable: true,
      host: { id, key },
    },
    ({ signal, progress }) => health.runAll({ signal, onProgress: progress }),
  )

/** Accepts a finding for somebody. @throws AppError finding_unknown, invalid_input if the acceptance would be over already */
export async function acceptFinding(
  { health, clock }: Pick<HostDeps, 'health' | 'clock'>,
  { id, reason, until }: AcceptFindingInput,
  by: string,
): Promise<void> {
  if (until !== null && until <= clock()) throw new AppError('invalid_input')
  const findings = await health.findings()
  await findings.accept(id, { by, reason, until })
}

/** Takes the acceptance of a finding back. */
export async function unacceptFinding(
  { health }: Pick<HostDeps, 'health'>,
  id: string,
  by: string,
): Promise<void> {
  const findings = await health.findings()
  await findings.unaccept(id, by)
}

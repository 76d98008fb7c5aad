import { can, type Permission, type PermissionHolder } from '@bangui/shared'
import type { Deps } from '../../deps.ts'
import type { JobInfo, JobRun } from '../../jobs/scheduler.ts'
import { AppError } from '../../lib/errors.ts'

type JobDeps = Pick<Deps, 'scheduler'>

/** Returns the jobs, those about a host only for who may see the host. */
export const listJobs = ({ scheduler }: JobDeps, holder: PermissionHolder): JobInfo[] =>
  scheduler.list().filter((job) => isAllowed(holder, 'host.read', job))

/** Runs a job now, or joins the run under way. @throws AppError not_found */
export async function runJob(
  { scheduler }: JobDeps,
  holder: PermissionHolder,
  name: string,
): Promise<JobRun> {
  const job = scheduler.list().find((each) => each.name === name)
  if (!job || !isAllowed(holder, 'jobs.run', job)) throw new AppError('not_found')
  return scheduler.runNow(name)
}

const isAllowed = (holder: PermissionHolder, permission: Permission, { host }: JobInfo) =>
  can(holder, permission, host)

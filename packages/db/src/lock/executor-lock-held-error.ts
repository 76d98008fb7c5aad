import type { Executor } from './executor-row.ts'

/** Another process is the executor of the database; what is not known of it is null. */
export class ExecutorLockHeldError extends Error {
  override readonly name = 'ExecutorLockHeldError'
  readonly pid: number | null
  readonly hostname: string | null
  readonly heartbeatAgeSeconds: number | null

  constructor(path: string, holder: Executor | undefined, now: number) {
    const age = holder ? Math.max(0, Math.round((now - holder.heartbeatAt) / 1000)) : null
    super(
      holder
        ? `Another BanGUI runs on the database ${path}: process ${holder.pid} on ${holder.hostname}, last heartbeat ` +
            `${age} s ago. Stop it, or set another database for this one.`
        : `Another BanGUI runs on the database ${path}. Stop it, or set another database for this one.`,
    )
    this.pid = holder?.pid ?? null
    this.hostname = holder?.hostname ?? null
    this.heartbeatAgeSeconds = age
  }
}

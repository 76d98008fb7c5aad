import type { DaemonDatabaseStatus, OfflineReason } from '@bangui/shared'

/** The daemon cannot be reached, or what came back was no reply. */
export class Fail2banUnavailableError extends Error {
  override readonly name = 'Fail2banUnavailableError'
  readonly reason: OfflineReason

  constructor(reason: OfflineReason, message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}

/** The daemon answered with an exception; `className` is its Python name, the message its own words. */
export class Fail2banCommandError extends Error {
  override readonly name = 'Fail2banCommandError'
  readonly className: string

  constructor(className: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.className = className
  }
}

/** A write was sent and no answer came: it may have happened. */
export class OutcomeUnknownError extends Error {
  override readonly name = 'OutcomeUnknownError'
}

/** fail2ban's own tools refuse the configuration; the message is their output. Nothing was touched. */
export class ConfigRefusedError extends Error {
  override readonly name = 'ConfigRefusedError'
}

/** The configuration cannot be read: a missing folder, no permission, an include that goes in circles. */
export class ConfigUnreadableError extends Error {
  override readonly name = 'ConfigUnreadableError'
}

/** A file of the configuration cannot or could not be written; what stood before stands. */
export class ConfigUnwritableError extends Error {
  override readonly name = 'ConfigUnwritableError'
}

/** A prepared change does not fit what stands any more: files were changed meanwhile, or it was applied already. */
export class ConfigChangedError extends Error {
  override readonly name = 'ConfigChangedError'
}

/** The host's setting forbids changing the configuration. */
export class ConfigReadOnlyError extends Error {
  override readonly name = 'ConfigReadOnlyError'
}

/** The host's setting forbids changing anything in fail2ban, its files or its bans. */
export class ReadOnlyError extends Error {
  override readonly name = 'ReadOnlyError'
}

/** No jail of that name in the configuration. */
export class JailUnknownError extends Error {
  override readonly name = 'JailUnknownError'
  readonly jailName: string

  constructor(jailName: string) {
    super(`The configuration has no jail named ${jailName}.`)
    this.jailName = jailName
  }
}

/** A load was cancelled; no jail is missing because of it. */
export class LoadCancelledError extends Error {
  override readonly name = 'LoadCancelledError'

  constructor() {
    super('The load was cancelled, and fail2ban may have loaded a part of it.')
  }
}

/** The configuration switches the jail off, so it cannot be loaded. */
export class JailDisabledError extends Error {
  override readonly name = 'JailDisabledError'
  readonly jailName: string

  constructor(jailName: string) {
    super(`${jailName} is switched off in the configuration.`)
    this.jailName = jailName
  }
}

/** Another change is in progress on this host. */
export class HostBusyError extends Error {
  override readonly name = 'HostBusyError'
}

/** A start was refused: a daemon is there already, answering or not. */
export class DaemonRunsError extends Error {
  override readonly name = 'DaemonRunsError'
  readonly responding: boolean
  readonly pid: number | null

  constructor(responding: boolean, pid: number | null) {
    super(responding ? 'fail2ban is running already.' : 'fail2ban runs but does not answer.')
    this.responding = responding
    this.pid = pid
  }
}

/** The daemon did not come up or did not stay up; the message is its own output. */
export class StartFailedError extends Error {
  override readonly name = 'StartFailedError'
}

/** A program that is needed is not installed, or may not be run. */
export class ToolMissingError extends Error {
  override readonly name = 'ToolMissingError'
  readonly program: string

  constructor(program: string, options?: ErrorOptions) {
    super(
      `The program ${program} is not there or may not be run. Is fail2ban installed on this machine?`,
      options,
    )
    this.program = program
  }
}

/** fail2ban's own database cannot be read; the status has the reason. */
export class DaemonDatabaseError extends Error {
  override readonly name = 'DaemonDatabaseError'
  readonly status: DaemonDatabaseStatus

  constructor(status: DaemonDatabaseStatus, options?: ErrorOptions) {
    super(status.message ?? 'The database of fail2ban cannot be read.', options)
    this.status = status
  }
}

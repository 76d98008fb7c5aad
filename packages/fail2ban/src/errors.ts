// The errors of a host by name, for the code of this package. Other packages ask `isHostError` for the code.

import type { DaemonDatabaseStatus, OfflineReason } from '@bangui/shared'
import { HostError } from './host-error.ts'
import type { ConfigPlace, HostErrorParams } from './host-error.ts'

export class Fail2banUnavailableError extends HostError<'daemon_unavailable'> {
  override readonly name = 'Fail2banUnavailableError'

  constructor(reason: OfflineReason, message: string, options?: ErrorOptions) {
    super('daemon_unavailable', { reason, message }, options)
  }
}

export class Fail2banCommandError extends HostError<'command_refused'> {
  override readonly name = 'Fail2banCommandError'

  constructor(className: string, message: string, options?: ErrorOptions) {
    super('command_refused', { className, message }, options)
  }
}

export class OutcomeUnknownError extends HostError<'outcome_unknown'> {
  override readonly name = 'OutcomeUnknownError'

  constructor(message: string, options?: ErrorOptions) {
    super('outcome_unknown', { message }, options)
  }
}

export class ConfigRefusedError extends HostError<'config_refused'> {
  override readonly name = 'ConfigRefusedError'

  constructor(message: string, { place, ...options }: ErrorOptions & { readonly place?: ConfigPlace } = {}) {
    super('config_refused', { message, ...(place && { place }) }, options)
  }
}

export class ConfigUnreadableError extends HostError<'config_unreadable'> {
  override readonly name = 'ConfigUnreadableError'

  constructor(message: string, options?: ErrorOptions) {
    super('config_unreadable', { message }, options)
  }
}

export class ConfigUnwritableError extends HostError<'config_unwritable'> {
  override readonly name = 'ConfigUnwritableError'

  constructor(message: string, options?: ErrorOptions) {
    super('config_unwritable', { message }, options)
  }
}

export class ChangePendingError extends HostError<'change_pending'> {
  override readonly name = 'ChangePendingError'

  constructor(title: string) {
    super('change_pending', { title })
  }
}

export class ConfigChangedError extends HostError<'config_changed'> {
  override readonly name = 'ConfigChangedError'

  constructor(message: string) {
    super('config_changed', { message })
  }
}

export class ConfigReadOnlyError extends HostError<'config_read_only'> {
  override readonly name = 'ConfigReadOnlyError'

  constructor(message: string) {
    super('config_read_only', { message })
  }
}

export class ConfigNotAllowedError extends HostError<'config_not_allowed'> {
  override readonly name = 'ConfigNotAllowedError'

  constructor(params: HostErrorParams['config_not_allowed']) {
    super('config_not_allowed', params)
  }
}

export class ReadOnlyError extends HostError<'read_only'> {
  override readonly name = 'ReadOnlyError'

  constructor() {
    super('read_only', {})
  }
}

export class JailUnknownError extends HostError<'jail_unknown'> {
  override readonly name = 'JailUnknownError'

  constructor(jailName: string) {
    super('jail_unknown', { jailName })
  }
}

export class LoadCancelledError extends HostError<'load_cancelled'> {
  override readonly name = 'LoadCancelledError'

  constructor() {
    super('load_cancelled', {})
  }
}

export class JailDisabledError extends HostError<'jail_disabled'> {
  override readonly name = 'JailDisabledError'

  constructor(jailName: string) {
    super('jail_disabled', { jailName })
  }
}

export class HostBusyError extends HostError<'busy'> {
  override readonly name = 'HostBusyError'

  constructor(message: string) {
    super('busy', { message })
  }
}

export class DaemonRunsError extends HostError<'daemon_runs'> {
  override readonly name = 'DaemonRunsError'

  constructor(responding: boolean, pid: number | null) {
    super('daemon_runs', { responding, pid })
  }
}

export class StartFailedError extends HostError<'start_failed'> {
  override readonly name = 'StartFailedError'

  constructor(message: string, options?: ErrorOptions) {
    super('start_failed', { message }, options)
  }
}

export class FilterTestsFailedError extends HostError<'filter_tests_failed'> {
  override readonly name = 'FilterTestsFailedError'

  constructor(params: HostErrorParams['filter_tests_failed']) {
    super('filter_tests_failed', params)
  }
}

export class ToolMissingError extends HostError<'tool_missing'> {
  override readonly name = 'ToolMissingError'

  constructor(program: string, options?: ErrorOptions) {
    super('tool_missing', { program }, options)
  }
}

export class DaemonDatabaseError extends HostError<'database_unreadable'> {
  override readonly name = 'DaemonDatabaseError'

  constructor(status: DaemonDatabaseStatus, options?: ErrorOptions) {
    super('database_unreadable', { status }, options)
  }
}

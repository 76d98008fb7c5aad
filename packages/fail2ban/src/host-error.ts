import { counted, type DaemonDatabaseStatus, type OfflineReason } from '@bangui/shared'

/** The facts of an error, by its code: plain JSON, so that an error can be built again where they arrive. */
export interface HostErrorParams {
  /** The daemon cannot be reached, or what came back was no reply. `done`: how much of a list was done until then. */
  readonly daemon_unavailable: Message & { readonly reason: OfflineReason; readonly done?: Done }
  /** The daemon answered with an exception; `className` is its Python name, the message its own words. */
  readonly command_refused: Message & { readonly className: string }
  /** A write was sent and no answer came: it may have happened. */
  readonly outcome_unknown: Message & { readonly done?: Done }
  /** An argument that no command or file of fail2ban can hold. */
  readonly invalid_argument: Message
  /** fail2ban's own tools refuse the configuration; the message is their output. Nothing was touched. */
  readonly config_refused: Message & {
    /** where BanGUI found the reason; relative to the configuration folder */
    readonly place?: ConfigPlace
  }
  /** The configuration cannot be read: a missing folder, no permission, an include that goes in circles. */
  readonly config_unreadable: Message
  /** A file of the configuration cannot or could not be written, and has its previous content. */
  readonly config_unwritable: Message
  /** A prepared change does not fit the files any more: they were changed meanwhile, or it was applied already. */
  readonly config_changed: Message
  /** A change that was loaded waits to be confirmed: until then there is no other one. */
  readonly change_pending: { readonly title: string }
  /** The host's setting forbids changing the configuration. */
  readonly config_read_only: Message
  /** `BANGUI_CONFIG_WRITE` does not allow this change: `needs` is the setting that would, `never`: none. */
  readonly config_not_allowed: Message & {
    /** relative to the configuration folder */
    readonly file: string
    readonly section: string | null
    readonly key: string | null
    readonly needs: 'all' | 'never'
  }
  /** So many samples of filters fail with the change, the first of which is of this filter. Nothing was touched. */
  readonly filter_tests_failed: { readonly failed: number; readonly filter: string }
  /** The host's setting forbids changing anything in fail2ban, its files or its bans. */
  readonly read_only: object
  /** No jail of that name in the configuration. */
  readonly jail_unknown: { readonly jailName: string }
  /** The configuration switches the jail off, so it cannot be loaded. */
  readonly jail_disabled: { readonly jailName: string }
  /** A load was cancelled; no jail is missing because of it. */
  readonly load_cancelled: object
  /** Another change is in progress on this host, or too much waits for its turn. */
  readonly busy: Message
  /** A start was refused: a daemon is there already, answering or not. */
  readonly daemon_runs: { readonly responding: boolean; readonly pid: number | null }
  /** The daemon did not come up or did not stay up; the message is its own output. */
  readonly start_failed: Message
  /** A program that is needed is not installed, or may not be run. */
  readonly tool_missing: { readonly program: string }
  /** fail2ban's own database cannot be read. */
  readonly database_unreadable: { readonly status: DaemonDatabaseStatus }
  /** Any other error of a host, which is a bug. */
  readonly internal: Message
}

interface Message {
  readonly message: string
}

/** A place in the configuration, as far as it is known. */
export interface ConfigPlace {
  readonly file: string
  readonly line: number | null
  readonly section: string | null
  readonly key: string | null
}

interface Done {
  readonly count: number
  readonly total: number
}

export type HostErrorCode = keyof HostErrorParams

const withDone = ({ message, done }: Message & { readonly done?: Done }) =>
  done ? `${message} ${done.count} of ${done.total} addresses had been processed by then.` : message

const itself = ({ message }: Message) => message

const texts: { readonly [TCode in HostErrorCode]: (params: HostErrorParams[TCode]) => string } = {
  daemon_unavailable: withDone,
  command_refused: itself,
  outcome_unknown: withDone,
  invalid_argument: itself,
  config_refused: itself,
  config_unreadable: itself,
  config_unwritable: itself,
  config_changed: itself,
  change_pending: ({ title }) => `The change “${title}” is waiting to be confirmed.`,
  config_read_only: itself,
  config_not_allowed: itself,
  filter_tests_failed: ({ failed, filter }) =>
    `${counted(failed, 'test')} of filters would fail, such as of ${filter}.`,
  read_only: () => 'The host is read-only.',
  jail_unknown: ({ jailName }) => `The configuration has no jail named ${jailName}.`,
  jail_disabled: ({ jailName }) => `${jailName} is disabled in the configuration.`,
  load_cancelled: () => 'The load was cancelled. fail2ban may have loaded part of the configuration.',
  busy: itself,
  daemon_runs: ({ responding }) =>
    responding ? 'fail2ban is already running.' : 'fail2ban is running but does not respond.',
  start_failed: itself,
  tool_missing: ({ program }) =>
    `The program ${program} was not found or cannot be executed. Is fail2ban installed on this machine?`,
  database_unreadable: ({ status }) => status.message ?? 'fail2ban’s database cannot be read.',
  internal: itself,
}

/** The error of a verb of a host. `code` and `params` are all there is to it: the message follows from them. */
export class HostError<TCode extends HostErrorCode = HostErrorCode> extends Error {
  override readonly name: string = 'HostError'
  readonly code: TCode
  readonly params: HostErrorParams[TCode]

  constructor(code: TCode, params: HostErrorParams[TCode], options?: ErrorOptions) {
    super(texts[code](params), options)
    this.code = code
    this.params = params
  }
}

/** Returns whether this is an error of a host with one of the codes. */
export function isHostError<TCode extends HostErrorCode>(
  error: unknown,
  ...codes: readonly TCode[]
): error is HostError<TCode> {
  return error instanceof HostError && (codes as readonly HostErrorCode[]).includes(error.code)
}

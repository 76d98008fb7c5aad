import { showHidden } from './clean-text.ts'

/** The tRPC error codes that BanGUI uses. */
type TrpcCode =
  | 'BAD_REQUEST'
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'METHOD_NOT_SUPPORTED'
  | 'CONFLICT'
  | 'PRECONDITION_FAILED'
  | 'PAYLOAD_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'TOO_MANY_REQUESTS'
  | 'TIMEOUT'
  | 'SERVICE_UNAVAILABLE'
  | 'INTERNAL_SERVER_ERROR'

/**
 * Every error that BanGUI returns: its stable name, which programs read (`reason`), the tRPC code, and a sentence for
 * people. `{name}` is replaced by the error's param of that name.
 */
export const errors = {
  invalid_input: ['BAD_REQUEST', 'Some of the input is not valid.'],
  not_found: ['NOT_FOUND', 'There is nothing with that name or id.'],
  host_required: ['BAD_REQUEST', 'BanGUI manages several hosts. Specify which host you mean.'],
  host_not_found: ['NOT_FOUND', 'There is no host named {host}, or you do not have access to it.'],
  no_session: ['UNAUTHORIZED', 'Sign in to continue.'],
  forbidden: ['FORBIDDEN', 'Your role does not allow this.'],
  login_failed: ['UNAUTHORIZED', 'Incorrect user name or password.'],
  login_throttled: ['TOO_MANY_REQUESTS', 'Too many failed attempts. Try again in {seconds} s.'],
  password_wrong: ['FORBIDDEN', 'The current password is wrong.'],
  setup_complete: ['CONFLICT', 'Setup is already complete. Sign in instead.'],
  setup_token_invalid: [
    'FORBIDDEN',
    'That setup token is not valid. The token is in the file {path} on the server, and in the setup link in the log.',
  ],
  host_unknown: [
    'FORBIDDEN',
    'BanGUI does not accept requests for the host name {host}. To allow this name, set BANGUI_PUBLIC_URL to the address that people use.',
  ],
  origin_refused: [
    'FORBIDDEN',
    'The request came from another site and was refused. If this is your own address, set BANGUI_PUBLIC_URL to it.',
  ],
  content_type: ['UNSUPPORTED_MEDIA_TYPE', 'Send the request as application/json.'],
  method_refused: ['METHOD_NOT_SUPPORTED', 'Only GET and POST are allowed here.'],
  request_malformed: ['BAD_REQUEST', 'The server cannot read this request.'],
  input_too_complex: [
    'BAD_REQUEST',
    'The input of the request is nested too deeply or has too many elements.',
  ],
  too_large: ['PAYLOAD_TOO_LARGE', 'The request is larger than the limit of {limit} bytes.'],
  too_many_streams: ['TOO_MANY_REQUESTS', 'Too many live connections are open. Close some tabs of BanGUI.'],
  jail_unknown: ['NOT_FOUND', 'The configuration has no jail named {name}.'],
  daemon_offline: ['SERVICE_UNAVAILABLE', '{message}'],
  daemon_online: ['CONFLICT', 'fail2ban is already running.'],
  daemon_unresponsive: [
    'CONFLICT',
    'fail2ban is running but does not respond. BanGUI does not start a second daemon, because two daemons would interfere with each other. Check process {pid}, or restart fail2ban yourself.',
  ],
  daemon_timeout: [
    'TIMEOUT',
    'fail2ban did not answer in time. The request may still take effect; BanGUI is reading the state again.',
  ],
  daemon_refused: ['BAD_REQUEST', 'fail2ban refused: {output}'],
  jail_not_running: ['CONFLICT', 'The jail {name} is not running. Start it first.'],
  load_cancelled: ['CONFLICT', 'Not everything was loaded. {message}'],
  jail_disabled: [
    'CONFLICT',
    'The jail {name} is disabled in the configuration, so fail2ban cannot load it. Activate it instead.',
  ],
  duration_invalid: [
    'BAD_REQUEST',
    'A duration is -1 (permanent), whole seconds above 0, or parts such as 1d 12h, up to a hundred years.',
  ],
  origin_not_kept: [
    'BAD_REQUEST',
    'The database of fail2ban does not store who banned an address. Choose BanGUI’s archive instead.',
  ],
  addresses_invalid: ['BAD_REQUEST', 'This is neither an address nor a network: {address}'],
  ignore_whole_family: [
    'BAD_REQUEST',
    'A network of length 0 cannot be ignored: with {address}, fail2ban would ban nobody and list only the address {listed}. To ban nobody, stop the jail.',
  ],
  ignore_too_wide: [
    'CONFLICT',
    'The network {address} is wider than /8 (IPv4) or /16 (IPv6): fail2ban would never ban a large part of the Internet.',
  ],
  ignore_invalid: ['BAD_REQUEST', 'This is not an address, a network or a host name: {address}'],
  ignore_name_forbidden: [
    'FORBIDDEN',
    'Only administrators may add host names: fail2ban would look up {address} at every failure.',
  ],
  ignore_exists: ['CONFLICT', 'The allow list already has {address} for {where}.'],
  ignore_full: ['CONFLICT', 'The allow list is full: it has {most} entries. Remove some first.'],
  ignore_unknown: ['NOT_FOUND', 'The allow list has no such entry. Somebody may have removed it.'],
  ignore_expired: ['BAD_REQUEST', 'The end of an entry must be in the future.'],
  ignore_covers_you: [
    'CONFLICT',
    'The entry {address} protects your own address {own}. Without it, fail2ban may ban you after a few failed attempts.',
  ],
  manual_jail_missing: [
    'PRECONDITION_FAILED',
    'A ban longer than the ban time of {jail} needs the jail "bangui", which is not running. Set up that jail first, or choose a shorter duration.',
  ],
  ban_over: ['NOT_FOUND', 'The address {address} is no longer banned in {jail}.'],
  ban_end_past: ['BAD_REQUEST', 'The end of a ban has to be in the future.'],
  ban_end_not_kept: [
    'SERVICE_UNAVAILABLE',
    'BanGUI could not store when these bans end, so it did not make them: {message} Try again without a custom duration: fail2ban then ends the bans itself.',
  ],
  ban_interrupted: [
    'SERVICE_UNAVAILABLE',
    'Stopped after {done} of {total} addresses. {message} Repeat the request to continue: addresses that are already done are only counted.',
  ],
  operation_known: ['CONFLICT', 'This id has already been used for another operation.'],
  operation_running: ['CONFLICT', 'This operation is still running. Try again when it has finished.'],
  undo_none: ['NOT_FOUND', 'There is nothing to undo: the operation has already been undone or is too old.'],
  undo_superseded: ['CONFLICT', 'A later change builds on this one. Undo that change first: {title}.'],
  resume_none: ['NOT_FOUND', 'There is nothing to continue: the operation has finished or is too old.'],
  operation_cancelled: ['CONFLICT', 'The operation was cancelled.'],
  too_many_readings: [
    'TOO_MANY_REQUESTS',
    'You already have {most} queries running. Try again when one of them has finished.',
  ],
  regex_test_replaced: ['CONFLICT', 'A newer test of yours has replaced this one.'],
  preview_replaced: ['CONFLICT', 'You started a newer preview, which replaced this one.'],
  regex_tests_busy: [
    'TOO_MANY_REQUESTS',
    'Too many regex tests are waiting on this host. Try again in a few seconds.',
  ],
  filter_tests_full: [
    'BAD_REQUEST',
    'This filter already has {most} tests. Remove one before you add another.',
  ],
  filter_tests_failed: [
    'BAD_REQUEST',
    'With this change, {failed} of the tests of filters would fail (of {filter} first), so nothing was changed. Correct the change, or apply it although tests fail.',
  ],
  schedule_invalid: ['BAD_REQUEST', 'This is not a schedule. {message}'],
  list_importing: ['CONFLICT', 'The blocklist {name} is being imported already.'],
  list_not_held: [
    'NOT_FOUND',
    'No version of the blocklist {name} is held back. Somebody may have confirmed or dropped it.',
  ],
  list_unusable: ['BAD_REQUEST', 'This list cannot be used. {message}'],
  pause_running: ['CONFLICT', 'A maintenance pause is already running. End it first.'],
  pause_none: ['NOT_FOUND', 'There is no maintenance pause: it has ended already.'],
  pause_needless: ['CONFLICT', 'No jail works now, so there is nothing to pause.'],
  busy: ['CONFLICT', 'Another change is in progress. Try again when it has finished.'],
  change_pending: [
    'CONFLICT',
    'The change “{title}” waits to be confirmed: it is kept or rolled back soon. Nothing else is changed until then.',
  ],
  confirm_none: ['NOT_FOUND', 'This change does not wait to be confirmed, or no longer.'],
  config_refused: [
    'BAD_REQUEST',
    'fail2ban would refuse this configuration, so nothing was changed: {output}',
  ],
  config_read_only: [
    'FORBIDDEN',
    'Configuration changes are disabled on this host (BANGUI_CONFIG_WRITE=off).',
  ],
  config_not_allowed: ['FORBIDDEN', 'This is not allowed, so nothing was changed. {message}'],
  sign_in_too_old: [
    'FORBIDDEN',
    'This change could run commands as root, so you must have signed in within the last ten minutes. Nothing was changed. Sign out, sign in again, and apply the change again.',
  ],
  read_only: [
    'FORBIDDEN',
    'BanGUI is read-only on this host (BANGUI_READ_ONLY): it changes nothing in fail2ban, its files or its bans.',
  ],
  config_unwritable: ['PRECONDITION_FAILED', 'Nothing was changed. {message}'],
  config_changed: [
    'CONFLICT',
    'The configuration has changed in the meantime, so nothing was done. {message}',
  ],
  backup_unreadable: ['BAD_REQUEST', 'This backup cannot be read. {why}'],
  draft_changed: [
    'CONFLICT',
    'Your draft was changed in another tab or on another device in the meantime, so this was not saved.',
  ],
  config_unreadable: ['PRECONDITION_FAILED', 'BanGUI cannot read fail2ban’s configuration: {message}'],
  tool_missing: ['PRECONDITION_FAILED', 'This needs one of fail2ban’s programs. {message}'],
  start_failed: ['CONFLICT', 'fail2ban did not start: {output}'],
  finding_unknown: ['NOT_FOUND', 'This finding no longer exists.'],
  recovery_none: ['NOT_FOUND', 'There is nothing to recover from.'],
  database_of_daemon_unavailable: [
    'SERVICE_UNAVAILABLE',
    'BanGUI cannot read fail2ban’s database. {message}',
  ],
  database_unavailable: ['SERVICE_UNAVAILABLE', 'BanGUI cannot use its database: {message}'],
  secret_key_unavailable: [
    'PRECONDITION_FAILED',
    'BanGUI has no key to encrypt secrets with, so nothing was stored. {why} Correct that, or set BANGUI_SECRET_KEY.',
  ],
  channel_invalid: ['BAD_REQUEST', 'The configuration of this channel is not valid ({field}): {why}'],
  channel_secrets_needed: [
    'BAD_REQUEST',
    'Enter the secrets of this channel again ({names}): they cannot be read, or they were meant for another server. Nothing was changed.',
  ],
  alert_rules_full: ['BAD_REQUEST', 'There are {most} rules already. Remove one before you add another.'],
  web_missing: ['NOT_FOUND', 'The web interface has not been built. Run "npm run build" first.'],
  restarting: ['SERVICE_UNAVAILABLE', 'BanGUI is restarting. The page reconnects automatically.'],
  internal: [
    'INTERNAL_SERVER_ERROR',
    'Something went wrong in BanGUI. The details are in its log, under {requestId}.',
  ],
} as const satisfies Record<string, readonly [TrpcCode, string]>

export type ErrorCode = keyof typeof errors
export type ErrorParams = Record<string, string | number>

/** Returns the sentence for people of an error, with its params filled in. */
export const errorText = (code: ErrorCode, params: ErrorParams = {}): string =>
  errors[code][1].replaceAll(/\{(\w+)\}/g, (whole, key: string) => showHidden(String(params[key] ?? whole)))

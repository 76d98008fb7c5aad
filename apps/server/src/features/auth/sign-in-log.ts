import type { RequestInfo } from '../../http/request-info.ts'
import { createBus } from '../../lib/event-bus.ts'
import type { Logger } from '../../lib/logger.ts'

/** Writes the log lines about sign-ins, which filters of fail2ban read: the address before what the caller chose. */
export interface SignInLog {
  /** A wrong name or password: `login_failed`, or `login_failed_shared_address` where many people may share the address. */
  failed(attempt: LoggedAttempt, text: string): void
  /** An attempt that was refused because it came too soon. */
  throttled(attempt: LoggedAttempt, seconds: number): void
  /** `isNewPlace`: this user has signed in before, but not from there */
  succeeded(attempt: LoggedAttempt, where: { readonly isNewPlace: boolean }): void
  /** Calls the listener with each failed sign-in and each from a new place, until the returned function is called. */
  listen(listener: (note: SignInNote) => void): () => void
}

/** What somebody may want to know about a sign-in. */
export interface SignInNote {
  readonly how: 'new_place' | 'failed'
  readonly user: string
  readonly address: string
  /** epoch milliseconds */
  readonly at: number
}

export interface LoggedAttempt {
  readonly request: Pick<RequestInfo, 'remoteAddress' | 'sharedAddress'>
  readonly username: string
}

/** How many characters of a user name a log line takes. */
const MAX_NAME_LENGTH = 64

/** Proxies that are warned about, each once; anybody can claim to be one. */
const MAX_WARNINGS = 16

export function createSignInLog({
  log,
  clock,
}: {
  readonly log: Logger
  readonly clock: () => number
}): SignInLog {
  const warned = new Set<string>()
  const notes = createBus<SignInNote>((error) => {
    log.error({ event: 'listener_failed', err: error }, 'a listener failed to process a sign-in')
  })

  const warnOnce = (remoteAddress: string) => {
    if (warned.has(remoteAddress) || warned.size >= MAX_WARNINGS) return
    warned.add(remoteAddress)
    log.warn(
      { event: 'proxy_not_trusted', remoteAddress },
      'failed sign-ins from this address are logged as login_failed_shared_address, which the filter for fail2ban does not match: it seems to be a proxy, and banning it would ban all its visitors. If it is your proxy, name it in BANGUI_TRUST_PROXY, and make it send X-Forwarded-For',
    )
  }

  return {
    failed({ request, username }, text) {
      const { remoteAddress, sharedAddress } = request
      if (sharedAddress) warnOnce(remoteAddress)
      const event = sharedAddress ? 'login_failed_shared_address' : 'login_failed'
      log.warn({ event, remoteAddress, username: cut(username) }, text)
      notes.emit({ how: 'failed', user: cut(username), address: remoteAddress, at: clock() })
    },
    throttled({ request: { remoteAddress }, username }, seconds) {
      log.info(
        { event: 'login_throttled', remoteAddress, username: cut(username), seconds },
        'a sign-in attempt came too soon',
      )
    },
    succeeded({ request: { remoteAddress }, username }, { isNewPlace }) {
      log.info({ event: 'signed_in', remoteAddress, username }, 'signed in')
      if (isNewPlace) notes.emit({ how: 'new_place', user: username, address: remoteAddress, at: clock() })
    },
    listen: notes.listen,
  }
}

const cut = (username: string) => username.slice(0, MAX_NAME_LENGTH)

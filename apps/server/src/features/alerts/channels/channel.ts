import type { ChannelConfig, ChannelKind } from '@bangui/shared'
import type { FetchPublic } from '../../../lib/fetch-public.ts'
import type { ResolveRequest } from '../../../lib/resolve-public.ts'

/** An incident as a channel sends it. */
export interface AlertIncident {
  readonly id: string
  /** the kind of the rule, as in `daemon_down` */
  readonly rule: string
  readonly state: 'open' | 'resolved'
  readonly severity: 'critical' | 'warning' | 'info'
  /** the name of the host */
  readonly host: string
  /** says what happened, but not whether it is resolved */
  readonly title: string
  readonly text: string
  /** the page that shows it; null: BANGUI_PUBLIC_URL is not set */
  readonly url: string | null
  readonly at: number
}

/** Several things in one message. */
export interface AlertDigest {
  readonly title: string
  readonly text: string
  readonly url: string | null
}

/** What is sent: an incident, with how many more were left out, or a digest. */
export type AlertMessage =
  | { readonly incident: AlertIncident; readonly more?: number }
  | { readonly digest: AlertDigest }

/** What became of a message. */
export type SendResult =
  | { readonly ok: true; readonly answer: string }
  | {
      readonly ok: false
      /** a sentence: what the server answered, or why it was not reached */
      readonly answer: string
      /** how long the server wants to be left alone */
      readonly retryAfterMs?: number
      /** sending the same again would fail again */
      readonly permanent?: boolean
    }

/** What a channel needs from the outside. */
export interface SendTools {
  readonly fetchPublic: FetchPublic
  readonly resolvePublic: ResolvePublic
  /** names the message: sending it again under the same id does not make it another one */
  readonly deliveryId: string
  readonly now: () => number
  readonly signal: AbortSignal
  /** secrets that no answer may show, besides those of the channel: the credentials of a proxy */
  readonly secrets: readonly string[]
}

/** What one kind of channel gets. */
export interface ChannelTools extends SendTools {
  /** Returns what a server said as it is shown: one short line without the secrets of the channel. */
  readonly quote: (text: string) => string
}

/** Returns an address of a host that BanGUI may connect to. @throws FetchError */
export type ResolvePublic = (request: ResolveRequest) => Promise<string>

/** One way to send a message. It never throws for an answer of the server: the result has it. */
export interface Channel<TKind extends ChannelKind> {
  readonly kind: TKind
  send(message: AlertMessage, config: ChannelConfig<TKind>, tools: ChannelTools): Promise<SendResult>
}

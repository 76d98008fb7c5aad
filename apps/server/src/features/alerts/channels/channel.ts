import type { ChannelConfig, ChannelKind } from '@bangui/shared'

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
  /** the page that shows it; null: nobody has said under which address people reach BanGUI */
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

export interface PublicRequest {
  readonly url: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** a longer answer is an error */
  readonly maxBytes: number
  readonly timeoutMs: number
  readonly maxRedirects: number
  readonly signal?: AbortSignal
}

export interface PublicResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: AsyncIterable<Uint8Array>
}

/** What a channel needs from the outside. */
export interface SendTools {
  /** reaches only addresses that BanGUI may reach; throws an error with a sentence */
  readonly fetchPublic: (request: PublicRequest) => Promise<PublicResponse>
  /** returns an address of a host that BanGUI may reach at this port; throws an error with a sentence */
  readonly resolvePublic: (target: {
    readonly host: string
    readonly port: number
    readonly timeoutMs: number
    readonly signal?: AbortSignal
  }) => Promise<string>
  /** names the message: sending it again under the same id does not make it another one */
  readonly deliveryId: string
  readonly now: () => number
  readonly signal: AbortSignal
}

/** One way to send a message. It never throws for what a server does: the result says it. */
export interface Channel<TKind extends ChannelKind> {
  readonly kind: TKind
  send(message: AlertMessage, config: ChannelConfig<TKind>, tools: SendTools): Promise<SendResult>
}

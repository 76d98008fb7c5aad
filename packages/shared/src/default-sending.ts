import type { ChannelSending } from './alert-channel-settings.ts'

/** How a new channel sends. */
export const defaultSending: ChannelSending = {
  enabled: true,
  maxPerHour: 30,
  sends: 'all',
  quiet: null,
  digest: null,
}

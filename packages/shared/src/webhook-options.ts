/** Headers that a webhook may send with a secret value. No name of another header is accepted. */
export const webhookHeaders = [
  'Authorization',
  'X-Api-Key',
  'X-Auth-Token',
  'X-Access-Token',
  'X-Webhook-Token',
  'X-Gitlab-Token',
] as const

/** What a webhook's template can name in its strings, as in `{{title}}`. */
export const webhookPlaceholders = [
  'title',
  'text',
  'url',
  'severity',
  'state',
  'rule',
  'host',
  'id',
  'at',
] as const
export type WebhookPlaceholder = (typeof webhookPlaceholders)[number]

/** The meaning of a colour; text beside it always says the same. */
export type Tone = 'neutral' | 'ok' | 'warning' | 'danger' | 'info'

/** What a colour stands for; meaning is always said in words beside it. */
export type Tone = 'neutral' | 'ok' | 'warning' | 'danger' | 'info'

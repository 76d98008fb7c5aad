import type { Ban } from '@bangui/shared'

/** A ban whose end or reason is to be changed. */
export type ChangeableBan = Pick<Ban, 'address' | 'jail' | 'until' | 'reason' | 'extension'>

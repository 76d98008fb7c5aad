import type { UnconfirmedChange } from '@bangui/shared'

/** Returns how many seconds are left to confirm a change; the clocks of browser and server may differ. */
export const secondsLeft = ({ appliedAt, confirmBy }: UnconfirmedChange, now: number): number =>
  Math.max(0, Math.ceil(Math.min(confirmBy - now, confirmBy - appliedAt) / 1000))

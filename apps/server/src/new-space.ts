import { setFlagsFromString } from 'node:v8'

/**
 * Keeps the space for new objects as small as it is, or lets it grow as it needs to. A start makes it grow tenfold for
 * good, though a server at rest needs little. V8 reads this flag anew each time that it might grow.
 */
export const setNewSpaceGrowth = (growth: 'none' | 'as needed'): void =>
  setFlagsFromString(`--semi-space-growth-factor=${growth === 'none' ? 1 : 2}`)
